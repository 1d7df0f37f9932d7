/**
 * How each of our three processes begins: node: built-ins and the boot ledger only, until the start is on record.
 * A missing package is then a braked fault, not hundreds of restarts in a minute.
 */
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { appendBoot, type BrakeVerdict, judgeStart, livesOf, readBoots } from './bootledger.ts'
import { bootId, monotonicMs } from './clock.ts'
import { EXIT } from './exitCodes.ts'
import { isAlive } from './identity.ts'
import { type AppName, type HomePaths, homePaths } from './paths.ts'
import { commandAnywhere } from './printedCommand.ts'
import { writeWithReserve } from './reserve.ts'

/** What an entry point hands to the rest of its process. */
export type Boot = {
  readonly app: AppName
  readonly paths: HomePaths
  /** The environment of this process: an allowlist, as the supervisor was given it. */
  readonly environment: NodeJS.ProcessEnv
  /** Records a planned end and exits 0. */
  readonly leave: (reason: string) => never
  /** Records a refusal and exits 78: PM2 leaves the process stopped, the watchdog decides when it starts again. */
  readonly refuse: (fault: string, reason: string, untilMonoMs: number | null) => never
  /** Records a failure and exits 1: PM2 restarts the process. */
  readonly fail: (reason: string) => never
}

/** The promise that a process is loaded by: everything that is not a built-in comes through here. */
export type MainModule = (boot: Boot) => Promise<void>

/** Starts one of our processes: records it, asks the brake, then loads the rest. Never returns before the process is set up. */
export async function enter(app: AppName, load: () => Promise<MainModule>): Promise<void> {
  const home = process.env['OTTUGI_HOME']
  if (!home) {
    process.stderr.write(
      `ottugi ${app}: OTTUGI_HOME is not set. Expected the absolute path of a home; start it with: ${commandAnywhere('start')}\n`,
    )
    process.exit(EXIT.usage)
  }
  process.umask(0o077)
  // Once the supervisor is dead, one write to a broken pipe would end this process too.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
  const paths = homePaths(home)
  const boot = createBoot(app, paths)
  try {
    writeWithReserve(paths, () => mkdirSync(paths.data, { recursive: true, mode: 0o700 }))
    writeWithReserve(paths, () => closeDeadLives(app, paths))
    brake(app, paths, boot)
    writeWithReserve(paths, () => appendBoot(paths.boots, app, { kind: 'start' }))
  } catch (error) {
    // No ledger, no brake: better to stay stopped than to loop without a limit.
    process.stderr.write(`ottugi ${app}: cannot write the boot ledger ${paths.boots}: ${messageOf(error)}\n`)
    process.exit(EXIT.refused)
  }
  catchEverything(boot)
  try {
    const main = await load()
    await main(boot)
  } catch (error) {
    boot.fail(messageOf(error))
  }
}

function createBoot(app: AppName, paths: HomePaths): Boot {
  let ended = false
  const record = (event: Parameters<typeof appendBoot>[2]) => {
    if (ended) return
    ended = true
    try {
      appendBoot(paths.boots, app, event)
    } catch {
      // A full disk must not keep a process from ending.
    }
  }
  return {
    app,
    paths,
    environment: process.env,
    leave: (reason) => {
      record({ kind: 'end', code: EXIT.ok, reason, planned: true })
      process.exit(EXIT.ok)
    },
    refuse: (fault, reason, untilMonoMs) => {
      record({ kind: 'refused', fault, reason, untilMonoMs })
      process.exit(EXIT.refused)
    },
    fail: (given) => {
      const reason = maskedReason(paths, given)
      record({ kind: 'end', code: EXIT.failed, reason: reason.slice(0, 500), planned: false })
      process.stderr.write(`ottugi ${app}: ${reason}\n`)
      process.exit(holdsNextStart(app, paths) ? EXIT.refused : EXIT.failed)
    },
  }
}

/** An error's text may hold a secret, and what is written here is kept. Where it cannot be masked, its first word must do. */
function maskedReason(paths: HomePaths, reason: string): string {
  try {
    // Loaded here and at once: no start should pay for it, and nothing can be awaited any more.
    const load = createRequire(import.meta.url)
    const { homeRedactor } = load('./redact/homeRedactor.ts') as typeof import('./redact/homeRedactor.ts')
    return homeRedactor(paths.env, process.env)().redact(reason)
  } catch {
    return `${reason.split(/[\s:]/)[0]}: (its text could not be masked)`
  }
}

/** True when the brake would refuse the next start anyway: then this end says so itself, and spares the machine one start. */
function holdsNextStart(app: AppName, paths: HomePaths): boolean {
  try {
    const verdict = judgeStart(readBoots(paths.boots), app, bootId(), monotonicMs())
    if (verdict.go) return false
    appendBoot(paths.boots, app, crashLoop(verdict))
    return true
  } catch {
    return false
  }
}

function crashLoop({ failures, holdUntilMonoMs }: Extract<BrakeVerdict, { go: false }>) {
  const reason = `${failures} failed starts in a row`
  return { kind: 'refused', fault: 'crash-loop', reason, untilMonoMs: holdUntilMonoMs } as const
}

/** Lives that ended without a word (a kill, a power cut) get their end on record by their successor, as early as it knows. */
function closeDeadLives(app: AppName, paths: HomePaths): void {
  for (const life of livesOf(readBoots(paths.boots), app, bootId())) {
    if (life.endMonoMs !== undefined || isAlive(life.start)) continue
    appendBoot(paths.boots, app, { kind: 'end', code: null, reason: 'vanished', planned: false }, life.start)
  }
}

function brake(app: AppName, paths: HomePaths, boot: Boot): void {
  const verdict = judgeStart(readBoots(paths.boots), app, bootId(), monotonicMs())
  if (verdict.go) return
  const { fault, reason, untilMonoMs } = crashLoop(verdict)
  boot.refuse(fault, reason, untilMonoMs)
}

function catchEverything(boot: Boot): void {
  process.on('uncaughtException', (error) => boot.fail(messageOf(error)))
  process.on('unhandledRejection', (error) => boot.fail(`unhandled rejection: ${messageOf(error)}`))
}

/** The useful part of whatever was thrown: the stack of an error, else its text. Its cause stands in the first line: `fetch failed` alone says nothing. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, message } = (error.cause ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  const cause = code ?? message
  const whole = error.stack ?? error.message
  return typeof cause === 'string' ? whole.replace(/$/m, ` (${cause})`) : whole
}
