/**
 * The doctor's own body: what a service unit starts, from `data/rescue`, with nothing of the program but this one bundle.
 *
 *   wanted   0 where the service should run, 1 where a person stopped it
 *   start    mends what keeps the program from starting, then starts it and gives its exit code
 *   stop     ends the program in good order; a person's wish stays what it was
 *   ended    keeps how this life of the service ended (`SERVICE_RESULT`), and calls a person when that happens too often
 *   alert    systemd gave up: calls a person
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { readDependencyFaults } from '../shared/dependencyState.ts'
import { pauseDesired, resumeDesired, wouldResume } from '../shared/desired.ts'
import { EXIT } from '../shared/exitCodes.ts'
import { APPS, homePaths } from '../shared/paths.ts'
import { type RescueNote, readRescueNote } from '../shared/rescueFolder.ts'
import { readLiving } from '../shared/runtimeFile.ts'
import { createPm2 } from '../shared/supervisor/pm2.ts'
import { callAPerson, callOff, failuresLately, keepEnd, type Place } from './call.ts'
import { mend } from './mend.ts'
import { isWorthAnAlert, waitAfter, waitBeforeStart } from './pace.ts'

/** Less than systemd gives a start; after it the next start goes on. */
const TRYING_MS = 240_000
/** While it waits: are the packages back? */
const LOOK_EVERY_MS = 1_000
const USAGE = 'usage: rescue.mjs wanted|start|stop|ended|alert --home FOLDER\n'

process.umask(0o077)
try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`rescue: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = EXIT.failed
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { home: { type: 'string' } } })
  if (!values.home) return wrongUsage()
  const environment = process.env
  const paths = homePaths(values.home)
  const note = readRescueNote(paths)
  if (!note) throw new Error(`${paths.rescue} is not whole: install the service again`)
  const place = { paths, environment, root: note.root }
  switch (positionals[0]) {
    case 'wanted':
      return wouldResume(paths.desired) ? EXIT.ok : EXIT.failed
    case 'start':
      return start(place, note)
    case 'stop':
      pauseDesired(paths.desired)
      return isAnyoneLeft(place) ? runProgram(place, note, ['stop', '--service']) : EXIT.ok
    case 'ended':
      return ended(place, environment['SERVICE_RESULT'] ?? 'success')
    case 'alert':
      callAPerson(place, 'gaveUp', 'systemd does not start the service any more')
      return EXIT.ok
    default:
      return wrongUsage()
  }
}

function wrongUsage(): number {
  process.stderr.write(USAGE)
  return EXIT.usage
}

async function start(place: Place, note: RescueNote): Promise<number> {
  if (!resumeDesired(place.paths.desired)) return EXIT.ok
  await delay(waitBeforeStart(failuresLately(place.paths)))
  if (!(await mendUntilWell(place, note))) return EXIT.tryAgain
  const code = await runProgram(place, note, ['start', '--service'])
  if (code === EXIT.ok) callOff(place)
  return code
}

/** Tries again and again, ever more slowly, and at once when somebody else has put the packages back. False when the time is over. */
async function mendUntilWell(place: Place, note: RescueNote): Promise<boolean> {
  const startedAt = performance.now()
  for (let tries = 0; ; tries++) {
    const result = await mend(place, note)
    if (result.ok) {
      for (const word of result.done) process.stdout.write(`rescue: ${word}\n`)
      return true
    }
    process.stderr.write(`rescue: ${result.reason}\n`)
    callAPerson(place, 'packages', result.reason)
    const waitMs = waitAfter(tries)
    if (performance.now() - startedAt + waitMs > TRYING_MS) return false
    await waitForPackages(place.root, waitMs)
  }
}

async function waitForPackages(root: string, limitMs: number): Promise<void> {
  const until = performance.now() + limitMs
  while (performance.now() < until && readDependencyFaults(root).length > 0) await delay(LOOK_EVERY_MS)
}

/** Where all have ended by themselves, there is nobody to ask. */
function isAnyoneLeft({ paths, environment }: Place): boolean {
  return createPm2(paths, environment).find() !== undefined || APPS.some((app) => readLiving(paths, app) !== undefined)
}

/** The program's own command line, with its own Node. Its words come to systemd's journal. */
function runProgram({ paths, environment, root }: Place, note: RescueNote, words: readonly string[]): Promise<number> {
  const node = note.node.startsWith('/') ? note.node : join(root, note.node)
  const child = spawn(node, [join(root, note.main), ...words, '--home', paths.home], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? EXIT.failed))
  })
}

function ended(place: Place, result: string): number {
  const failures = keepEnd(place.paths, result)
  if (result !== 'success' && isWorthAnAlert(failures)) {
    callAPerson(place, 'ends', `the service ended ${failures} times in ten minutes, the last time with: ${result}`)
  }
  return EXIT.ok
}
