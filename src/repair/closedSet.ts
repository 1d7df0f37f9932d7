/** Small parsers for action arguments: closed sets and ranges only, unknown keys refused. See `action.ts` for why not zod. */
import type { ParsedArgs } from './action.ts'
import type { JsonValue } from './journal.ts'
import { inPlainWords } from './policy.ts'

/** Reads one field: the value, or what was expected. */
export type FieldParser<T extends JsonValue> = (
  value: unknown,
) => { readonly ok: true; readonly value: T } | { readonly ok: false; readonly expected: string }

/** One of these words. */
export function oneOf<const Words extends readonly string[]>(words: Words): FieldParser<Words[number]> {
  return (value) =>
    typeof value === 'string' && words.includes(value)
      ? { ok: true, value }
      : { ok: false, expected: `one of ${words.join(', ')}` }
}

/** A word of this form; `expected` says it to a person. The form must be anchored at both ends. */
export function matching(form: RegExp, expected: string): FieldParser<string> {
  return (value) => (typeof value === 'string' && form.test(value) ? { ok: true, value } : { ok: false, expected })
}

/** A whole number from `min` to `max`. */
export function integerFrom(min: number, max: number): FieldParser<number> {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? // −0 is 0, also in JSON.
        { ok: true, value: value + 0 }
      : { ok: false, expected: `a whole number from ${min} to ${max}` }
}

/** A field that may be left out; it is then null. */
export function optional<T extends JsonValue>(parser: FieldParser<T>): FieldParser<T | null> {
  return (value) => (value === undefined || value === null ? { ok: true, value: null } : parser(value))
}

type Fields = Readonly<Record<string, FieldParser<JsonValue>>>
type ArgsOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends FieldParser<infer T> ? T : never }

/** A parser for an object with exactly these fields. */
export function exactly<F extends Fields>(fields: F): (value: unknown) => ParsedArgs<ArgsOf<F>> {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { ok: false, reason: 'arguments must be an object' }
    const given = value as Record<string, unknown>
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(fields, key))
    if (unknown !== undefined) return { ok: false, reason: `unknown argument ${inPlainWords(unknown)}` }
    const args: Record<string, JsonValue> = {}
    for (const [key, parser] of Object.entries(fields)) {
      const parsed = parser(Object.hasOwn(given, key) ? given[key] : undefined)
      if (!parsed.ok) return { ok: false, reason: `${key} must be ${parsed.expected}` }
      args[key] = parsed.value
    }
    return { ok: true, args: args as ArgsOf<F> }
  }
}
