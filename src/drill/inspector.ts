/** Makes a real fault inside a running process without a switch in the product: through Node's own inspector, as a debugger would. */
import { readFileSync } from 'node:fs'
import type { Ring, RingOptions } from './ring.ts'
import { waitFor } from './waitFor.ts'

/** What a ring needs so that its agent's inspector listens on a free loopback port once it is asked to. */
export const FAULT_ENVIRONMENT: RingOptions = {
  settings: { supervisor: { passEnv: ['NODE_OPTIONS'] } },
  environment: { NODE_OPTIONS: '--inspect-port=127.0.0.1:0' },
}

/** A debugger's connection to the main thread of the agent. */
export type Inspector = {
  /** Runs one expression, where only globals can be seen; gives its value, which must be JSON. Throws what it threw. */
  readonly run: (expression: string) => Promise<unknown>
  /** A process that ends waits for its debuggers to go. */
  readonly close: () => void
}

/** Blocks the agent's event loop for ever; gives the moment at which it began. */
export function blockMainThread(ring: Ring): Promise<number> {
  return runInAgent(ring, 'setTimeout(function ottugiDrillBlocksHere() { for (;;); }, 0); 0')
}

/** Runs one expression in the agent; gives the moment at which that was done. */
export async function runInAgent(ring: Ring, expression: string): Promise<number> {
  const inspector = await openInspector(ring)
  await inspector.run(expression)
  const doneAt = performance.now()
  inspector.close()
  return doneAt
}

/** Connects to the agent that lives now. */
export async function openInspector(ring: Ring): Promise<Inspector> {
  const agent = ring.living('agent')
  if (!agent) throw new Error('expected a living agent to make a fault in')
  // Without effect where it listens already.
  process.kill(agent.pid, 'SIGUSR1')
  const socket = await waitFor('the inspector of the agent', 10_000, () => connectTo(ring))
  return {
    run: async (expression) => {
      const answered = new Promise<string>((resolve) => {
        socket.onmessage = ({ data }) => resolve(String(data))
      })
      socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }))
      const { result } = JSON.parse(await answered) as { result?: Evaluated }
      if (result?.exceptionDetails || !result?.result)
        throw new Error(`the fault could not be made: ${JSON.stringify(result)}`)
      return result.result.value
    },
    close: () => socket.close(),
  }
}

type Evaluated = { readonly result?: { readonly value?: unknown }; readonly exceptionDetails?: object }

/** Undefined while it does not listen; the newest address is that of the newest process. */
async function connectTo(ring: Ring): Promise<WebSocket | undefined> {
  const url = inspectorUrl(ring.paths.errorLogOf('agent'))
  if (!url) return undefined
  const socket = new WebSocket(url)
  return new Promise((resolve) => {
    socket.onopen = () => resolve(socket)
    socket.onerror = () => resolve(undefined)
  })
}

function inspectorUrl(file: string): string | undefined {
  try {
    const found = readFileSync(file, 'utf8').matchAll(/Debugger listening on (ws:\/\/127\.0\.0\.1:\d+\/[\w-]+)/g)
    return [...found].at(-1)?.[1]
  } catch {
    return undefined
  }
}
