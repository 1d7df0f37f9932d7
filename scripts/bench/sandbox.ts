/** What a sandbox costs a tool call, what its children hold, and whether anything of one session is seen in another one. */
import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { processesBelow } from '../../src/agent/sandbox/processTree.ts'
import { readCommandLine } from '../../src/shared/procfs.ts'
import { buildHome, openSandboxHome, type SandboxHome } from '../../test/agent/sandbox/support.ts'
import { round } from './drillBench.ts'
import { pssMiB } from './idle.ts'
import type { Bench, Figure, Outcome } from './measurement.ts'

/** While a model thinks, a child is started ahead. */
const THINKING_MS = 700
const WARM_CALLS = 200
/** The code does not change while it is measured. */
const FILLED = { codeKey: 'bench' }

/** Where one session may leave something for the next one: global names, the environment, files out of the workspace, the working folder. */
const LEAVE_CANARY = `
globalThis.canary = arg; process.env.CANARY = arg; process.title = arg
for (const folder of ['/tmp', '/dev/shm', '/run', process.env.HOME ?? '/']) { try { fs.writeFileSync(folder + '/canary', arg) } catch {} }
process.chdir('/')
return 'left'`
const FIND_CANARY = `
const seen = [globalThis.canary, process.env.CANARY, process.title === arg ? arg : undefined]
for (const folder of ['/tmp', '/dev/shm', '/run']) { try { seen.push(fs.readFileSync(folder + '/canary', 'utf8')) } catch {} }
for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
  try { if (fs.readFileSync('/proc/' + pid + '/environ', 'utf8').includes(arg)) seen.push(arg) } catch {}
}
return seen.includes(arg) ? 'seen' : 'clean'`

/** `--rows sandbox`. */
export const SANDBOX_BENCH: Bench = {
  id: 'sandbox',
  groups: ['agent'],
  title: 'what a sandbox costs a tool call',
  async run({ times }) {
    try {
      return await measureAll(times)
    } catch (error) {
      return { figures: {}, notRun: [`sandbox: ${error instanceof Error ? error.message : error}`] }
    }
  },
}

async function measureAll(times: number): Promise<Outcome> {
  const home = await openSandboxHome()
  try {
    const cold = await coldCalls(times)
    const prepared = await preparedCalls(home, times)
    const warm = await calls(WARM_CALLS, () => home.js('return 1', 0, 'warm'))
    const withProgram = await calls(times, () => home.program(['/usr/bin/true'], 'warm'))
    const crossed = await canaries(home, times)
    const held = childrenOfNode().map(pssMiB)
    return { figures: figuresOf({ cold, prepared, warm, withProgram, crossed, held }) }
  } finally {
    await home.leave()
  }
}

/** No child was started ahead and none is kept: each from a runner of its own over a cache that an earlier one has filled, as after a restart. */
async function coldCalls(times: number): Promise<number[]> {
  const home = await openSandboxHome({}, FILLED)
  try {
    const took: number[] = []
    for (let turn = 0; turn < times; turn++) took.push(await coldCall(home))
    return took
  } finally {
    await home.leave()
  }
}

async function coldCall({ paths }: SandboxHome): Promise<number> {
  const { runner, paths: own } = buildHome({}, { ...FILLED, paths })
  const order = { tool: 'js', input: { code: 'return 1', arg: 0 }, key: 'k', run: 'cold', session: 'cold' }
  try {
    await runner.ready
    return await timed(() => runner.run(order, new AbortController().signal))
  } finally {
    await runner.close()
    rmSync(own.home, { recursive: true, force: true })
    process.stderr.write('.')
  }
}

async function preparedCalls({ runner, js }: SandboxHome, times: number): Promise<number[]> {
  const took: number[] = []
  for (let turn = 0; turn < times; turn++) {
    runner.prepare()
    await delay(THINKING_MS)
    took.push(await timed(() => js('return 1', 0, `prepared-${turn}`)))
    process.stderr.write('.')
  }
  return took
}

async function calls(times: number, call: () => Promise<unknown>): Promise<number[]> {
  await call()
  const took: number[] = []
  for (let turn = 0; turn < times; turn++) took.push(await timed(call))
  return took
}

/** Each time one session leaves a canary wherever it can, and the next one looks for it. */
async function canaries({ js, jsProgram }: SandboxHome, times: number): Promise<number[]> {
  const seen: number[] = []
  for (let turn = 0; turn < times; turn++) {
    const canary = `canary-${turn}-${process.pid}`
    for (const run of [js, jsProgram]) {
      const left = await run(LEAVE_CANARY, canary, `leaves-${turn}`)
      const found = await run(FIND_CANARY, canary, `looks-${turn}`)
      if (!left.text.includes('left') || !/clean|seen/.test(found.text)) throw new Error(`${left.text}; ${found.text}`)
      seen.push(found.text.includes('seen') ? 1 : 0)
    }
  }
  return seen
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

type Seen = Readonly<Record<'cold' | 'prepared' | 'warm' | 'withProgram' | 'crossed' | 'held', readonly number[]>>

function figuresOf({ cold, prepared, warm, withProgram, crossed, held }: Seen): Record<string, Figure> {
  const ms = (title: string, values: readonly number[]): Figure => ({ title, unit: 'ms', values: values.map(round) })
  return {
    cold: ms('tool call, no child ready', cold),
    prepared: ms('tool call, a child was started while the model was thinking', prepared),
    warm: ms("tool call in the session's own child", warm),
    withProgram: ms('the same, starting a program in it', withProgram),
    crossed: { title: 'canaries of one session seen in another', unit: 'times', values: crossed },
    held: { title: 'memory of one process of a sandbox (PSS)', unit: 'MiB', values: held.map(round) },
  }
}

/** Processes of Node in our sandboxes: bubblewrap's own hold next to nothing. */
function childrenOfNode(): number[] {
  return processesBelow(process.pid).filter((pid) => {
    const words = readCommandLine(pid)
    return words.startsWith(process.execPath) && words.includes('child.ts')
  })
}
