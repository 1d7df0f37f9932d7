/** Longest name of an entry, and of one part of it, in bytes: what Linux and macOS take. */
const MAX_NAME_BYTES = 4_096
const MAX_PART_BYTES = 255

/**
 * True for a name that stays inside the folder it is unpacked into: relative, parts divided by single slashes, none of them `.` or `..`, no
 * control characters. Links have no form in an archive at all, so a safe name leads nowhere else.
 */
export function isSafeEntryName(name: string): boolean {
  if (name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES || /\p{Cc}|\\/u.test(name)) return false
  return name.split('/').every((part) => {
    return part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= MAX_PART_BYTES
  })
}
