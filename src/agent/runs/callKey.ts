import { createHash } from 'node:crypto'

/** The idempotency key of a call (SHA-256, hex): the same for every attempt at it, in every process. */
export function keyOf(run: string, call: string): string {
  return createHash('sha256')
    .update(JSON.stringify([run, call]))
    .digest('hex')
}
