/** How much an alert matters. `critical`: a person is needed now. `warning`: less than whole, or a question waits. `info`: it mended itself, and how is worth knowing. */
export type Severity = 'critical' | 'warning' | 'info'

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 }

/** PURE. True when `severity` is at least `least`. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return RANK[severity] >= RANK[least]
}

/** PURE. The graver of two. */
export function graver(a: Severity, b: Severity): Severity {
  return isAtLeast(a, b) ? a : b
}
