/** Reads what came over a wire: nothing of it is certain to be there, or to be what it should be. Never throws. */

/** The fields of an object that may be anything; none of what is no object. */
export function fieldsOf<Name extends string>(value: unknown): { readonly [Field in Name]?: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

/** The items of a list; none of what is no list. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A text; the empty one for everything else. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** A count; undefined for everything else. */
export function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
