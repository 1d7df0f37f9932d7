/**
 * Gives freed memory back that the C library keeps for itself. What lies between blocks in use it never returns by itself, and after some thousand
 * turns that is a third of the agent. Node calls the C library by `node:ffi`, which is experimental: where it is not there, or another C library,
 * nothing is given back.
 */

/** Does it; takes some milliseconds. False where it cannot be done here. */
export function giveBackFreed(): boolean {
  trim ??= loadTrim()
  return trim()
}

let trim: (() => boolean) | undefined

function loadTrim(): () => boolean {
  try {
    const { functions } = process
      .getBuiltinModule('node:ffi')
      .dlopen(null, { malloc_trim: { return: 'i32', arguments: ['u64'] } })
    return () => {
      functions.malloc_trim(0n)
      return true
    }
  } catch {
    return () => false
  }
}
