/** True for a text that an HTTP header can carry: printable ASCII. A secret with a line break in it would otherwise be a throw. */
export function isHeaderSafe(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text)
}
