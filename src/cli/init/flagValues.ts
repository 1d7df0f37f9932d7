/** PURE. Values as a person types them, into a wizard or behind a flag. */

/** Money: 0 or more, with at most some cents. Undefined for anything else. */
export function amountIn(typed: string): number | undefined {
  return /^\d{1,7}(?:\.\d{1,4})?$/.test(typed.trim()) ? Number(typed) : undefined
}

/** A port from 0. Undefined for anything else. */
export function portIn(typed: string): number | undefined {
  const port = /^\d{1,5}$/.test(typed.trim()) ? Number(typed) : Number.NaN
  return port <= 65_535 ? port : undefined
}
