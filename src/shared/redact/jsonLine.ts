/** Masks a line of a JSON log, so that it stays one JSON value. */

type Redact = (text: string) => string

const HIDDEN = '[masked]'

/** The line with its secrets masked. What is valid JSON stays so: where a mask would break it, masks are set inside of its strings only. */
export function redactJsonLine(line: string, redact: Redact): string {
  const masked = redact(line)
  if (masked === line || parsed(masked) !== undefined) return masked
  const value = parsed(line)
  if (value === undefined) return masked
  const end = /\s*$/.exec(line)?.[0] ?? ''
  return JSON.stringify(inside('', value.is, redact)) + end
}

function parsed(line: string): { readonly is: unknown } | undefined {
  try {
    return { is: JSON.parse(line) }
  } catch {
    return undefined
  }
}

function inside(key: string, value: unknown, redact: Redact): unknown {
  if (Array.isArray(value)) return value.map((member) => inside(key, member, redact))
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, member]) => [redact(name), inside(name, member, redact)])
    return Object.fromEntries(entries)
  }
  if (value === null || typeof value === 'boolean') return value
  const text = String(value)
  const masked = redact(text)
  if (masked !== text) return masked
  // Alone it hides nothing; its name may say otherwise.
  const pair = `${JSON.stringify(key)}:${JSON.stringify(text)}`
  return redact(pair) === pair ? value : HIDDEN
}
