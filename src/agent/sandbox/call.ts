/** One call of a tool in a child: it ends by itself, at its deadline, by cancellation, or by breaking a limit; it always ends. */
import type { BrokerFetch, Tool, ToolSettings } from '../tools/tool.ts'
import type { SandboxChild } from './launch.ts'
import { type WatchedLimits, watchLimits } from './limitsWatch.ts'
import type { FromChild } from './protocol.ts'
import type { ToolOrder, ToolReport } from './toolRunner.ts'

/** What one call needs. */
export type Call = {
  readonly child: SandboxChild
  readonly tool: Tool
  readonly order: ToolOrder
  readonly id: number
  readonly outputName: string
  readonly signal: AbortSignal
  readonly limits: WatchedLimits
  readonly settings: ToolSettings
  readonly fetch: (request: Parameters<BrokerFetch>[0], signal: AbortSignal) => ReturnType<BrokerFetch>
}

/** What came of a call, and whether the child may serve another one. */
export type CallResult = Omit<ToolReport, 'tookMs'> & { readonly isGood: boolean }

/** A tool that was told to stop may tidy up for so long before it is ended, in milliseconds. */
const GRACE_MS = 250
/** Requests that one call may have open, and make in all. */
const MAX_OPEN_FETCHES = 8
const MAX_FETCHES = 200

/** Runs it. Never rejects; when it resolves with a child that is not good, everything in that sandbox is gone. */
export async function runCall(call: Call): Promise<CallResult> {
  const { child, tool, order, id, outputName } = call
  const over = Promise.withResolvers<CallResult>()
  const requests = new AbortController()
  const stop = (how: 'deadline' | 'cancelled', why: string) => {
    requests.abort()
    child.send({ type: 'cancel', id })
    setTimeout(() => over.resolve({ ok: false, text: why, how, isGood: false }), GRACE_MS)
  }
  const deadline = setTimeout(() => stop('deadline', tooLong(tool)), tool.deadlineMs)
  const cancel = () => stop('cancelled', 'It was cancelled.')
  call.signal.addEventListener('abort', cancel, { once: true })
  const unwatch = watchLimits(child, call.limits, (why) => over.resolve(killed(`It was ended: ${why}.`)))
  void child.ended.then((end) => over.resolve(killed(endWords(end))))
  child.listen(listener(call, requests.signal, over.resolve))
  child.send({
    type: 'run',
    id,
    tool: tool.name,
    input: order.input,
    key: order.key,
    workspace: call.limits.workspace,
    settings: call.settings,
    outputName,
  })
  if (call.signal.aborted) cancel()
  const result = await over.promise
  clearTimeout(deadline)
  call.signal.removeEventListener('abort', cancel)
  unwatch()
  requests.abort()
  child.listen(undefined)
  if (!result.isGood) await child.kill()
  return result
}

function listener(
  { tool, id, child, fetch }: Call,
  signal: AbortSignal,
  done: (result: CallResult) => void,
): (message: FromChild) => void {
  let open = 0
  let asked = 0
  return (message) => {
    if (message.type === 'ended' && message.id === id && !signal.aborted) {
      const { ok, rest } = message
      const text = shortened(message.text, tool)
      done({ ok, text, ...(rest === undefined ? {} : { rest }), how: 'done', isGood: true })
    }
    if (message.type !== 'fetch') return
    const answer = (answer: Awaited<ReturnType<BrokerFetch>>) => child.send({ type: 'answer', id: message.id, answer })
    asked += 1
    // A program inside could take over its child; the gates judged a program, not a web page.
    if (tool.runsPrograms) return answer({ ok: false, reason: 'programs in the sandbox have no network' })
    if (open >= MAX_OPEN_FETCHES || asked > MAX_FETCHES) return answer({ ok: false, reason: 'too many requests' })
    open += 1
    void fetch(message.request, signal).then((given) => {
      open -= 1
      answer(given)
    })
  }
}

/** The child cuts by itself; one that was taken over might not. The note between head and tail is what may come on top. */
function shortened(text: string, { maxOutput }: Tool): string {
  return text.slice(0, maxOutput + NOTE_CHARACTERS)
}

const NOTE_CHARACTERS = 500

function killed(text: string): CallResult {
  return { ok: false, text, how: 'killed', isGood: false }
}

function tooLong({ deadlineMs }: Tool): string {
  return `It took longer than ${deadlineMs / 1_000} s and was ended; what it had begun may be half done.`
}

function endWords({ code, signal, said }: Awaited<SandboxChild['ended']>): string {
  const how = signal === null ? `exit code ${code}` : signal
  return `The process of the tool died (${how})${said === '' ? '' : `: ${said.slice(-500)}`}.`
}
