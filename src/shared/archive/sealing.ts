/**
 * How the chunks of an archive are sealed. With a passphrase: AES-256-GCM under a key from scrypt, each chunk with its number and whether it is
 * the last one in its nonce, and the header of the file as authenticated data (the STREAM construction of Hoang, Reyhanitabar, Rogaway and
 * Vizár, 2015): nothing can be changed, left out, moved or cut off unseen. Without one: a chain of SHA-256, which shows damage and no forger.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { ArchiveError } from './archiveFault.ts'

/** Bytes that each chunk is longer by. */
export const TAG_BYTES = 16

/** What the header of an archive says of its sealing. Binary values in base64. */
export type SealingFacts =
  | { readonly kind: 'plain' }
  | {
      readonly kind: 'scrypt-aes-256-gcm'
      readonly salt: string
      /** N of scrypt is 2 to this power; r is 8, p is 1. */
      readonly cost: number
      readonly noncePrefix: string
      /** Tells a wrong passphrase from a damaged file; follows from the passphrase by another part of the derived key. */
      readonly check: string
    }

/** Seals and opens chunks, in their order. `head` is the header as it stands in the file. */
export type Sealer = {
  readonly seal: (chunk: Buffer, isLast: boolean) => Buffer
  readonly open: (sealed: Buffer, isLast: boolean) => Buffer
}

/** 128 MiB of memory and about half a second (OWASP's first choice for scrypt). */
const COST = 17
const BLOCK = 8
/** A header that asks for more is no header of ours: 1 GiB. */
const MAX_COST = 20
const KEY_BYTES = 32
const SALT_BYTES = 16
const NONCE_PREFIX_BYTES = 7
const CHECK_BYTES = 16

/** What the header of a new archive says, and the key that belongs to it. */
export async function newSealing(
  passphrase: string | undefined,
  cost: number = COST,
): Promise<{ readonly facts: SealingFacts; readonly key: Buffer | undefined }> {
  if (passphrase === undefined) return { facts: { kind: 'plain' }, key: undefined }
  const salt = randomBytes(SALT_BYTES)
  const { key, check } = await deriveKey(passphrase, salt, cost)
  const noncePrefix = randomBytes(NONCE_PREFIX_BYTES).toString('base64')
  const kind = 'scrypt-aes-256-gcm'
  return { facts: { kind, salt: salt.toString('base64'), cost, noncePrefix, check: check.toString('base64') }, key }
}

/** The key of an archive; throws where the passphrase is missing or another one. */
export async function keyFor(facts: SealingFacts, passphrase: string | undefined): Promise<Buffer | undefined> {
  if (facts.kind === 'plain') return undefined
  if (passphrase === undefined) throw new ArchiveError('passphrase-needed')
  const { key, check } = await deriveKey(passphrase, Buffer.from(facts.salt, 'base64'), facts.cost)
  const expected = Buffer.from(facts.check, 'base64')
  if (!timingSafeEqual(check, expected)) throw new ArchiveError('wrong-passphrase')
  return key
}

/** What a header says of its sealing, where that makes sense. */
export function readSealingFacts(value: unknown): SealingFacts | undefined {
  const it = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (it['kind'] === 'plain') return { kind: 'plain' }
  const { salt, cost, noncePrefix, check } = it
  if (it['kind'] !== 'scrypt-aes-256-gcm' || typeof cost !== 'number' || !Number.isInteger(cost)) return undefined
  if (cost < 1 || cost > MAX_COST || !isBytes(salt, SALT_BYTES)) return undefined
  if (!isBytes(noncePrefix, NONCE_PREFIX_BYTES) || !isBytes(check, CHECK_BYTES)) return undefined
  return { kind: 'scrypt-aes-256-gcm', salt, cost, noncePrefix, check }
}

function isBytes(value: unknown, length: number): value is string {
  return typeof value === 'string' && Buffer.from(value, 'base64').length === length
}

async function deriveKey(passphrase: string, salt: Buffer, cost: number): Promise<{ key: Buffer; check: Buffer }> {
  const N = 2 ** cost
  const options = { N, r: BLOCK, p: 1, maxmem: 128 * N * BLOCK + 1_024 * 1_024 }
  const derived = await new Promise<Buffer>((resolve, reject) => {
    // The same letters may be typed composed or not (Hangul on a Mac): they count as the same.
    scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES + CHECK_BYTES, options, (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    )
  })
  return { key: derived.subarray(0, KEY_BYTES), check: derived.subarray(KEY_BYTES) }
}

/** Makes a sealer for one archive, to seal or to open it from its first chunk on. */
export function createSealer(facts: SealingFacts, key: Buffer | undefined, head: Buffer): Sealer {
  const bound = createHash('sha256').update(head).digest()
  if (facts.kind === 'plain' || !key) return chained(bound)
  const prefix = Buffer.from(facts.noncePrefix, 'base64')
  let number = 0
  const nextNonce = (isLast: boolean) => {
    const end = Buffer.alloc(5)
    end.writeUInt32BE(number++)
    end.writeUInt8(isLast ? 1 : 0, 4)
    return Buffer.concat([prefix, end])
  }
  return {
    seal: (chunk, isLast) => {
      const cipher = createCipheriv('aes-256-gcm', key, nextNonce(isLast)).setAAD(bound)
      return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
    },
    open: (sealed, isLast) => {
      const decipher = createDecipheriv('aes-256-gcm', key, nextNonce(isLast), { authTagLength: TAG_BYTES })
      decipher.setAAD(bound).setAuthTag(sealed.subarray(-TAG_BYTES))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
      } catch {
        throw new ArchiveError('damaged')
      }
    },
  }
}

function chained(bound: Buffer): Sealer {
  let previous = bound
  const next = (chunk: Buffer, isLast: boolean) => {
    previous = createHash('sha256')
      .update(previous)
      .update(Buffer.from([isLast ? 1 : 0]))
      .update(chunk)
      .digest()
    return previous.subarray(0, TAG_BYTES)
  }
  return {
    seal: (chunk, isLast) => Buffer.concat([chunk, next(chunk, isLast)]),
    open: (sealed, isLast) => {
      const chunk = sealed.subarray(0, -TAG_BYTES)
      if (!next(chunk, isLast).equals(sealed.subarray(-TAG_BYTES))) throw new ArchiveError('damaged')
      return chunk
    },
  }
}
