/** Node's cryptography, loaded when a tool first needs it: it would take a seventh of the start of every child. */

function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto')
}

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return crypto().createHash('sha256').update(text).digest('hex')
}

/** So many random bytes, in hex. */
export function randomHex(bytes: number): string {
  return crypto().randomBytes(bytes).toString('hex')
}
