/**
 * The loop of another agent from npm against the same provider in the same minutes: without a server before it, without a journal, gates or budget, which is
 * all that it is. It is installed into the folder of the bench when asked for, without its scripts, and is no dependency of ours.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startProvider } from './agentAlone.ts'
import { round } from './drillBench.ts'
import type { Bench, Figure } from './measurement.ts'

const PEER = { name: '@mariozechner/pi-agent-core', version: '0.73.1' }
const INSTALL_MS = 300_000
const LIFE_MS = 120_000
const run = promisify(execFile)

/** A life: one first turn, warm turns of ten a session, then many sessions at once. Prints what it measured. */
const PROGRAM = `
const startedAt = performance.now() - process.uptime() * 1000
const [baseUrl] = process.argv.slice(2)
const { Agent } = await import('@mariozechner/pi-agent-core')
const model = { id: 'claude-sonnet-4-5', name: 'fake', api: 'anthropic-messages', provider: 'anthropic', baseUrl, reasoning: false,
  input: ['text'], cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }, contextWindow: 200000, maxTokens: 4096 }
const open = () => new Agent({ initialState: { systemPrompt: 'You are a helpful assistant.', model, tools: [] }, getApiKey: () => 'none' })
const turn = async (agent) => {
  const from = performance.now()
  await agent.prompt('Reply OK')
  const last = agent.state.messages.at(-1)
  if (last.role !== 'assistant' || last.stopReason !== 'stop') throw new Error(last.errorMessage ?? last.stopReason)
  return performance.now() - from
}
const { readFileSync } = await import('node:fs')
const pss = () => Number(/^Pss:\\s+(\\d+) kB/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))[1]) / 1024
open()
const ready = performance.now() - startedAt
const atReady = pss()
const first = await turn(open())
let agent
const warm = []
for (let index = 0; index < 1050; index++) {
  if (index % 10 === 0) agent = open()
  const took = await turn(agent)
  if (index >= 50) warm.push(took)
}
let turns = 0
const from = performance.now()
await Promise.all(Array.from({ length: 64 }, async () => {
  for (let index = 0, own; performance.now() < from + 10000; index++, turns++) {
    if (index % 10 === 0) own = open()
    await turn(own)
  }
}))
const perTurn = (performance.now() - from) / turns
process.stdout.write(JSON.stringify({ ready, atReady, first, warm, perTurn, after: pss() }))
process.exit(0)
`

type Life = {
  readonly ready: number
  readonly atReady: number
  readonly first: number
  readonly warm: readonly number[]
  readonly perTurn: number
  readonly after: number
}

/** `--rows peers-agent`. */
export const PEER_AGENT_BENCH: Bench = {
  id: 'peers-agent',
  groups: [],
  title: `the loop of ${PEER.name}`,
  async run({ times }) {
    const folder = mkdtempSync(join(tmpdir(), 'ottugi-peer-agent-'))
    const provider = await startProvider()
    try {
      const failure = await install(folder)
      if (failure) return { figures: {}, notRun: [`${PEER.name}: ${failure}`] }
      const lives: Life[] = []
      for (let turn = 0; turn < times; turn++) {
        lives.push(await live(folder, provider.url))
        process.stderr.write('.')
      }
      return { figures: figuresOf(lives) }
    } finally {
      await provider.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Undefined when it is there, else why it is not. */
async function install(folder: string): Promise<string | undefined> {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  writeFileSync(join(folder, 'life.mjs'), PROGRAM)
  try {
    await run('npm', ['install', ...flags, `${PEER.name}@${PEER.version}`], { cwd: folder, timeout: INSTALL_MS })
    return undefined
  } catch (error) {
    return `it cannot be installed: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`
  }
}

async function live(folder: string, url: string): Promise<Life> {
  const { stdout } = await run(process.execPath, [join(folder, 'life.mjs'), url], {
    cwd: folder,
    timeout: LIFE_MS,
    maxBuffer: 16 * 1_048_576,
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: join(folder, 'compile-cache') },
  })
  return JSON.parse(stdout) as Life
}

function figuresOf(lives: readonly Life[]): Record<string, Figure> {
  const ms = (title: string, values: readonly number[]): Figure => ({ title, unit: 'ms', values: values.map(round) })
  const mib = (title: string, values: readonly number[]): Figure => ({ ...ms(title, values), unit: 'MiB' })
  const { name } = PEER
  return {
    ready: ms(
      `${name}: start → loaded`,
      lives.map(({ ready }) => ready),
    ),
    first: ms(
      `${name}: first turn`,
      lives.map(({ first }) => first),
    ),
    warm: ms(
      `${name}: warm turn`,
      lives.flatMap(({ warm }) => warm),
    ),
    perTurn: ms(
      `${name}: time for a turn with 64 sessions at once`,
      lives.map(({ perTurn }) => perTurn),
    ),
    atReady: mib(
      `${name}: memory when loaded (PSS)`,
      lives.map(({ atReady }) => atReady),
    ),
    after: mib(
      `${name}: memory after these turns (PSS)`,
      lives.map(({ after }) => after),
    ),
  }
}
