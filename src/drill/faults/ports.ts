/** Row 8: a stranger takes the agent's port while nobody listens there. */
import { spawn } from 'node:child_process'
import { readStat } from '../../shared/procfs.ts'
import type { RuntimeFile } from '../../shared/runtimeFile.ts'
import { startClient } from '../client.ts'
import { type Drill, expectThat } from '../drill.ts'
import type { Ring } from '../ring.ts'
import { degradedWhen, expectNobodyNeeded, expectOneIncident, expectOneOfEach, untilKnown } from './wholeAgain.ts'

/** Tries to bind each millisecond until it has the port; answers nobody. */
const TAKE_THE_PORT = `
  const server = require('node:net').createServer((socket) => socket.destroy())
  const take = () => server.listen({ port: Number(process.argv[1]), host: '127.0.0.1' })
  server.on('error', () => setTimeout(take, 1)).on('listening', () => process.stdout.write('taken'))
  take()`

type Stranger = { readonly pid: number; readonly hasTaken: Promise<unknown>; readonly leave: () => Promise<void> }

function startStranger(port: number): Stranger {
  const child = spawn(process.execPath, ['-e', TAKE_THE_PORT, String(port)], {
    env: {},
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    pid: child.pid ?? 0,
    hasTaken: new Promise((resolve) => child.stdout.once('data', resolve)),
    leave: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function expectOtherAddress(ring: Ring, stranger: Stranger): Promise<string> {
  const url = ring.living('agent')?.url ?? ''
  expectThat(url !== ring.agentUrl, `another port than that of ${ring.agentUrl}`)
  const said = await degradedWhen(ring, 'the owner of the port to be named', (sentences) =>
    sentences.some((sentence) => sentence.includes(`process ${stranger.pid}`)),
  )
  expectThat(readStat(stranger.pid) !== undefined, 'the stranger to live')
  return said.find((sentence) => sentence.includes(`process ${stranger.pid}`)) ?? ''
}

async function expectOwnAddressAgain(ring: Ring): Promise<void> {
  const restart = await ring.ottugi('restart')
  expectThat(restart.code === 0, `the restart to work, got ${restart.code}: ${restart.err}`)
  const url = ring.living('agent')?.url
  expectThat(url === ring.agentUrl, `the configured address ${ring.agentUrl} again, got ${url}`)
  await degradedWhen(ring, 'nothing to be amiss', (sentences) => sentences.length === 0)
}

/** Ends the agent until the stranger was quicker than its successor: on a busy machine that may take more than one try. */
async function endUntilTaken(ring: Ring, first: RuntimeFile, stranger: Stranger) {
  let than = first
  for (;;) {
    const startedAt = performance.now()
    process.kill(than.pid, 'SIGKILL')
    const successor = ring.nextAgent(than)
    const winner = await Promise.race([stranger.hasTaken.then(() => undefined), successor])
    if (winner === undefined) {
      successor.catch(() => {})
      return { startedAt, than }
    }
    than = winner
  }
}

const portStranger: Drill = {
  id: 'port-stranger',
  row: 8,
  title: 'a stranger takes the port while the agent is down',
  async run({ ring, agent, client: early }) {
    await early.stop()
    await untilKnown(ring)
    const client = startClient(() => ring.living('agent')?.url ?? ring.agentUrl)
    const stranger = startStranger(Number(new URL(ring.agentUrl).port))
    try {
      const { startedAt, than } = await endUntilTaken(ring, agent, stranger)
      await ring.nextAgent(than)
      const healedMs = performance.now() - startedAt
      const note = await expectOtherAddress(ring, stranger)
      const incident = await expectOneIncident(ring, { tier: 'guardian', fault: 'port-taken', outcome: 'degraded' })
      const { downMs, failed } = await client.stop()
      await stranger.leave()
      await expectOwnAddressAgain(ring)
      await expectOneOfEach(ring)
      await expectNobodyNeeded(ring)
      return { healedMs, incident, downMs, failedRequests: failed, note }
    } finally {
      await client.stop()
      await stranger.leave()
    }
  },
}

/** Row 8. */
export const PORT_DRILLS: readonly Drill[] = [portStranger]
