/** Ids of runs and sessions that nobody gave a name. */
import { randomBytes } from 'node:crypto'

/** Bytes of chance in an id; the first two of them lose six bits to version and variant. */
const CHANCE_BYTES = 10

/**
 * A new id, by RFC 9562 of version 7: it begins with the time. What is made one after the other stands beside each other in every index of the journal, and a
 * commit rewrites few pages of it instead of one for each index.
 */
export function newId(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0')
  const chance = randomBytes(CHANCE_BYTES)
  chance[0] = 0x70 | ((chance[0] ?? 0) & 0x0f)
  chance[2] = 0x80 | ((chance[2] ?? 0) & 0x3f)
  const hex = `${time}${chance.toString('hex')}`
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
