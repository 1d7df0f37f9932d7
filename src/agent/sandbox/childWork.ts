/** The work of the child in the sandbox: it runs one tool at a time and says what came of it. It knows no secret, and ends when its line to the agent does. */
import { flushCompileCache } from 'node:module'
import { Socket } from 'node:net'
import type { BrokerAnswer, BrokerFetch, Tool } from '../tools/tool.ts'
import { loadTools } from './loadTools.ts'
import { showOutput } from './output.ts'
import { MAX_TO_CHILD, type RunLine, readLines, sendLine, type ToChild } from './protocol.ts'

/** The descriptor of the line; see shared/sandbox/plan.ts. */
const LINE_FD = 3

const line = new Socket({ fd: LINE_FD, readable: true, writable: true })
const waiting = new Map<number, (answer: BrokerAnswer) => void>()
const running = new Map<number, AbortController>()
let tools: readonly Tool[] = []
let fetches = 0

/** Loads the tools that the module at that address exports as `TOOLS`, and takes calls. With `isFilling` what was loaded is kept first. */
export async function serveTools(module: string, isFilling: boolean): Promise<void> {
  line.on('close', () => process.exit(0))
  line.on('error', () => process.exit(0))
  tools = await loadTools(module)
  // Programs that a tool starts have no business with it.
  delete process.env['NODE_COMPILE_CACHE']
  if (isFilling) flushCompileCache()
  readLines(line, MAX_TO_CHILD, { line: (message) => take(message as ToChild), broken: () => process.exit(1) })
  sendLine(line, { type: 'ready' })
}

function take(message: ToChild): void {
  if (message.type === 'run') return void run(message)
  if (message.type === 'cancel') return running.get(message.id)?.abort()
  waiting.get(message.id)?.(message.answer)
  waiting.delete(message.id)
}

async function run(order: RunLine): Promise<void> {
  const tool = tools.find(({ name }) => name === order.tool)
  if (!tool) return end(order.id, { ok: false, text: `there is no tool ${order.tool}` })
  const control = new AbortController()
  running.set(order.id, control)
  process.chdir(order.workspace)
  const { workspace, key, settings } = order
  const outcome = await outcomeOf(() =>
    tool.run(order.input, { workspace, key, settings, signal: control.signal, fetch }),
  )
  running.delete(order.id)
  const whole = outcome.ok ? outcome.text : withHint(outcome.reason, outcome.hint)
  end(order.id, { ok: outcome.ok, ...showOutput(whole, tool.maxOutput, workspace, order.outputName) })
}

/** A tool that throws has a mistake in it; the model is told, and goes on. */
async function outcomeOf(work: () => ReturnType<Tool['run']>): ReturnType<Tool['run']> {
  try {
    return await work()
  } catch (error) {
    return { ok: false, reason: `the tool failed: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function withHint(reason: string, hint: string | undefined): string {
  return hint === undefined ? reason : `${reason}\nHint: ${hint}`
}

function end(id: number, what: { ok: boolean; text: string; rest?: string }): void {
  sendLine(line, { type: 'ended', id, ...what })
}

function fetch(request: Parameters<BrokerFetch>[0]): ReturnType<BrokerFetch> {
  fetches += 1
  const id = fetches
  return new Promise((resolve) => {
    waiting.set(id, resolve)
    sendLine(line, { type: 'fetch', id, request })
  })
}
