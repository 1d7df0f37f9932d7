/**
 * The doctor's own body: what a service unit starts, from `data/rescue`, with nothing of the program but this one bundle.
 *
 *   wanted   0 where the service should run, 1 where a person stopped it
 *   start    mends what keeps the program from starting, then starts it and gives its exit code
 *   forever  mends as well, however long it takes, and then becomes the program in the foreground (launchd)
 *   stop     ends the program in good order; a person's wish stays what it was. Nobody to end, and nobody wished it: that is kept as an end
 *   ended    keeps an end that systemd finds bad (`SERVICE_RESULT`); like one that `stop` finds, it calls a person when it happens too often
 *   alert    systemd gave up: calls a person
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { readDependencyFaults } from '../shared/dependencyState.ts'
import { pauseDesired, readDesired, resumeDesired, wouldResume } from '../shared/desired.ts'
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
/** systemd's word for it. */
const GOOD_END = 'success'
/** Ours for a tree of which all processes are gone without anybody's wish: systemd, which knows no main process, takes it for a good end. */
const GONE = 'gone'
const USAGE = 'usage: rescue.mjs wanted|start|forever|stop|ended|alert --home FOLDER\n'

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
    case 'forever':
      return forever(place, note)
    case 'stop':
      return stop(place, note)
    case 'ended':
      return ended(place, environment['SERVICE_RESULT'] ?? GOOD_END)
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
  const code = await startWhenFree(place, note)
  if (code === EXIT.ok) callOff(place)
  return code
}

/** An update or a restore holds the start lock while it works: that is no bad end of the service, and is waited for. */
async function startWhenFree(place: Place, note: RescueNote): Promise<number> {
  const until = performance.now() + TRYING_MS
  for (;;) {
    const code = await runProgram(place, note, ['start', '--service'])
    if (code !== EXIT.tryAgain || performance.now() > until) return code
    await delay(LOOK_EVERY_MS)
  }
}

/** One process for whoever watches over it: what mended is replaced by the program, under the same pid. */
async function forever(place: Place, note: RescueNote): Promise<number> {
  while (!(await mendUntilWell(place, note))) process.stderr.write('rescue: it is tried again\n')
  callOff(place)
  if (!process.execve) return runProgram(place, note, ['run-forever', '--stay'])
  const node = nodeOf(place, note)
  const words = [join(place.root, note.main), 'run-forever', '--stay', '--home', place.paths.home]
  return process.execve(node, [node, ...words], place.environment)
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
    callAPerson(place, existsSync(place.root) ? 'packages' : 'program', result.reason)
    const waitMs = waitAfter(tries)
    if (performance.now() - startedAt + waitMs > TRYING_MS) return false
    await waitForPackages(place.root, waitMs)
  }
}

/** Ends early where the packages come back. Where they are all there something else is wrong, and the whole time is waited. */
async function waitForPackages(root: string, limitMs: number): Promise<void> {
  const until = performance.now() + limitMs
  const wereThere = arePackagesThere(root)
  while (performance.now() < until && (wereThere || !arePackagesThere(root))) await delay(LOOK_EVERY_MS)
}

function arePackagesThere(root: string): boolean {
  return existsSync(root) && readDependencyFaults(root).length === 0
}

/** Where all have ended by themselves, there is nobody to ask. */
async function stop(place: Place, note: RescueNote): Promise<number> {
  const { desired } = place.paths
  const isSomebodyLeft = isAnyoneLeft(place)
  if (!isSomebodyLeft && readDesired(desired) === 'running') badEnd(place, GONE)
  pauseDesired(desired)
  return isSomebodyLeft ? runProgram(place, note, ['stop', '--service']) : EXIT.ok
}

function isAnyoneLeft({ paths, environment }: Place): boolean {
  return createPm2(paths, environment).find() !== undefined || APPS.some((app) => readLiving(paths, app) !== undefined)
}

/** The program's own command line, with its own Node. Its words come to systemd's journal. */
function runProgram(place: Place, note: RescueNote, words: readonly string[]): Promise<number> {
  const { paths, environment, root } = place
  const child = spawn(nodeOf(place, note), [join(root, note.main), ...words, '--home', paths.home], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? EXIT.failed))
  })
}

function nodeOf({ root }: Place, { node }: RescueNote): string {
  return node.startsWith('/') ? node : join(root, node)
}

function ended(place: Place, result: string): number {
  if (result !== GOOD_END) badEnd(place, result)
  return EXIT.ok
}

function badEnd(place: Place, result: string): void {
  const failures = keepEnd(place.paths, result)
  if (!isWorthAnAlert(failures)) return
  callAPerson(place, 'ends', `the service ended ${failures} times in ten minutes, the last time with: ${result}`)
}
