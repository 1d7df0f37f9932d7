/** Makes a real fault inside a running process without a switch in the product: through Node's own inspector, as a debugger would. */
import { readFileSync } from 'node:fs'
import type { Ring, RingOptions } from './ring.ts'
import { waitFor } from './waitFor.ts'

/** What a ring needs so that its agent's inspector listens on a free loopback port once it is asked to. */
export const FAULT_ENVIRONMENT: RingOptions = {
  settings: { supervisor: { passEnv: ['NODE_OPTIONS'] } },
  environment: { NODE_OPTIONS: '--inspect-port=127.0.0.1:0' },
}

/** Blocks the agent's event loop for ever; gives the moment at which it began. */
export async function blockMainThread(ring: Ring): Promise<number> {
  const agent = ring.living('agent')
  if (!agent) throw new Error('expected a living agent to block')
  process.kill(agent.pid, 'SIGUSR1')
  const url = await waitFor('the inspector of the agent', 5_000, () => inspectorUrl(ring.paths.errorLogOf('agent')))
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error(`the inspector at ${url} does not answer`))
  })
  const expression = 'setTimeout(function ottugiDrillBlocksHere() { for (;;); }, 0)'
  const accepted = new Promise((resolve) => {
    socket.onmessage = resolve
  })
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }))
  await accepted
  const startedAt = performance.now()
  socket.close()
  return startedAt
}

function inspectorUrl(file: string): string | undefined {
  try {
    return /Debugger listening on (ws:\/\/127\.0\.0\.1:\d+\/[\w-]+)/.exec(readFileSync(file, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
