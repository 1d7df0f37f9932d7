/** PURE. From a setting's value to what stands in its field, and back. What comes out is only of the right kind; whether it is allowed the server says. */

/** How a value is edited. */
export type FieldKind = 'switch' | 'number' | 'text' | 'json'

/** What was typed, as a value; or that it is none. */
export type Typed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'number' | 'json' }

/** The field for a value. Null can become anything, so it is edited as text. */
export function fieldKindOf(value: unknown): FieldKind {
  if (typeof value === 'boolean') return 'switch'
  if (typeof value === 'number') return 'number'
  return typeof value === 'object' && value !== null ? 'json' : 'text'
}

/** A value as it stands in its field, and in the table. */
export function printedValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ') : String(value)
}

/** Reads a field. An empty field of a value that was null stays null. */
export function readTyped(typed: string, before: unknown): Typed {
  const kind = fieldKindOf(before)
  if (kind === 'switch') return { ok: true, value: typed === 'true' }
  if (kind === 'number') return numberIn(typed)
  if (kind === 'json') return jsonIn(typed)
  const isStillNothing = typed === '' && (before === null || before === undefined)
  return { ok: true, value: isStillNothing ? null : typed }
}

function numberIn(typed: string): Typed {
  const value = Number(typed.trim())
  return typed.trim() !== '' && Number.isFinite(value) ? { ok: true, value } : { ok: false, reason: 'number' }
}

function jsonIn(typed: string): Typed {
  try {
    return { ok: true, value: JSON.parse(typed) }
  } catch {
    return { ok: false, reason: 'json' }
  }
}
