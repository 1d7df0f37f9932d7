/** Access tokens: who may do what over HTTP. They live in `.env`, are never logged, and never stand in a URL. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeFileDurably } from './atomicFile.ts'
import { readEnvFile, setEnvVariable } from './config/envFile.ts'
import { acquireLock } from './lockFile.ts'
import { readSmallJson } from './smallFile.ts'

/** What a token allows. `admin` allows everything; the others allow reading beside what they name. */
export const SCOPES = ['read', 'chat', 'approve', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** A token and its scope. */
export type Token = { readonly scope: Scope; readonly token: string }

const VARIABLES: Readonly<Record<string, Scope>> = {
  OTTUGI_TOKEN: 'admin',
  OTTUGI_TOKEN_READ: 'read',
  OTTUGI_TOKEN_CHAT: 'chat',
  OTTUGI_TOKEN_APPROVE: 'approve',
}

/** The variable that the dashboard signs its cookies with. */
export const SESSION_SECRET_VARIABLE = 'OTTUGI_SESSION_SECRET'

/** Every variable of `.env` that opens a door of ours. */
export const TOKEN_VARIABLES: readonly string[] = [...Object.keys(VARIABLES), SESSION_SECRET_VARIABLE]

const SECRET_BYTES = 32
/** A shorter value is not taken for a token: an empty or careless line in `.env` must not open a door. */
const SHORTEST_TOKEN = 16

/** A new token: `ott_<scope>_<32 random bytes, base64url>`. */
export function createToken(scope: Scope): string {
  return `ott_${scope}_${randomBytes(SECRET_BYTES).toString('base64url')}`
}

/** The tokens among the secrets of `.env`. */
export function tokensFrom(secrets: ReadonlyMap<string, string>): Token[] {
  return Object.entries(VARIABLES).flatMap(([variable, scope]) => {
    const token = secrets.get(variable)
    return token && token.length >= SHORTEST_TOKEN ? [{ scope, token }] : []
  })
}

/** The scope of a presented token. Compares with every token, in a time that tells nothing about any. */
export function scopeOf(presented: string, tokens: readonly Token[]): Scope | undefined {
  const digest = digestOf(presented)
  let found: Scope | undefined
  for (const { scope, token } of tokens) {
    if (timingSafeEqual(digest, digestOf(token))) found ??= scope
  }
  return found
}

/** True when a token of `scope` may do what needs `needed`. */
export function mayDo(scope: Scope, needed: Scope): boolean {
  return scope === 'admin' || scope === needed || needed === 'read'
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

const LOCK_TRIES = 50
const LOCK_PAUSE_MS = 20

/**
 * Makes the admin token and the session secret where `.env` lacks them; keeps every other line. Agent and dashboard start together,
 * so a lock file beside `.env` lets only one of them write. Returns what was made; nothing where `.env` cannot be written.
 */
export async function ensureTokens(envFile: string): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map([
    ['OTTUGI_TOKEN', () => createToken('admin')],
    [SESSION_SECRET_VARIABLE, createSessionSecret],
  ])
  return (await whileLocked(envFile, () => writeMissing(envFile, wanted))) ?? new Map()
}

/** The names of the tokens that are new now, or the name and the reason of the first that could not be written: those before it are new. */
export type RotateResult =
  | { readonly ok: true; readonly names: readonly string[] }
  | { readonly ok: false; readonly name: string; readonly reason: string }

/** Puts a new value in the place of every token that `.env` has; the admin token and the session secret are made where they are missing. */
export async function rotateTokens(envFile: string): Promise<RotateResult> {
  const busy: RotateResult = { ok: false, name: '.env', reason: 'busy' }
  return (await whileLocked(envFile, () => writeAnew(envFile))) ?? busy
}

function writeAnew(envFile: string): RotateResult {
  const file = readEnvFile(envFile)
  if (!file.ok) return { ok: false, name: '.env', reason: 'unreadable' }
  const always = ['OTTUGI_TOKEN', SESSION_SECRET_VARIABLE]
  const names = TOKEN_VARIABLES.filter((name) => always.includes(name) || file.variables.get(name))
  for (const name of names) {
    const scope = VARIABLES[name]
    const written = setEnvVariable(envFile, name, scope ? createToken(scope) : createSessionSecret())
    if (!written.ok) return { ok: false, name, reason: written.reason }
  }
  return { ok: true, names }
}

function createSessionSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

/** Undefined where somebody else holds the lock for too long. */
async function whileLocked<Result>(envFile: string, work: () => Result): Promise<Result | undefined> {
  for (let attempt = 0; attempt < LOCK_TRIES; attempt++) {
    const lock = acquireLock(`${envFile}.lock`)
    if (!lock.ok) {
      await sleep(LOCK_PAUSE_MS)
      continue
    }
    try {
      return work()
    } finally {
      lock.release()
    }
  }
  return undefined
}

function writeMissing(envFile: string, wanted: ReadonlyMap<string, () => string>): ReadonlyMap<string, string> {
  const made = new Map<string, string>()
  const file = readEnvFile(envFile)
  if (!file.ok) return made
  for (const [variable, create] of wanted) {
    if (file.variables.get(variable)) continue
    const value = create()
    if (setEnvVariable(envFile, variable, value).ok) made.set(variable, value)
  }
  return made
}

/** How long a login code can be used, in milliseconds. */
export const LOGIN_CODE_MS = 10 * 60_000

/**
 * Makes a login code for one use within {@link LOGIN_CODE_MS}. Only its hash is stored: `<sha256>.json` in `folder`, mode 600.
 * Codes that have run out are swept on the way.
 */
export function createLoginCode(folder: string, nowMs: number = Date.now()): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  sweepLoginCodes(folder, nowMs)
  const code = randomBytes(SECRET_BYTES).toString('base64url')
  writeFileDurably(loginFile(folder, code), JSON.stringify({ expiresAt: nowMs + LOGIN_CODE_MS }))
  return code
}

/** Uses a login code up. True for exactly one caller, and only before it runs out: renaming its file away is atomic. */
export function redeemLoginCode(folder: string, code: string, nowMs: number = Date.now()): boolean {
  const file = loginFile(folder, code)
  const mine = `${file}.${randomBytes(4).toString('hex')}.used`
  try {
    renameSync(file, mine)
  } catch {
    return false
  }
  const { expiresAt } = (readSmallJson(mine) ?? {}) as { expiresAt?: unknown }
  unlinkSync(mine)
  return typeof expiresAt === 'number' && nowMs < expiresAt
}

function loginFile(folder: string, code: string): string {
  return join(folder, `${createHash('sha256').update(code).digest('hex')}.json`)
}

function sweepLoginCodes(folder: string, nowMs: number): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    const age = nowMs - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? nowMs)
    if (age < LOGIN_CODE_MS) continue
    try {
      unlinkSync(file)
    } catch {
      // Another caller swept it first.
    }
  }
}
