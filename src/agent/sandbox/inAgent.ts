import { messageOf } from '../../shared/entry.ts'
import type { HomePaths } from '../../shared/paths.ts'
import type { BrokerFetch, Tool, ToolOutcome, ToolSettings } from '../tools/tool.ts'
import { headAndTail } from './output.ts'
import type { ToolOrder, ToolReport } from './toolRunner.ts'

/** What a tool in our own process is given. */
export type Surroundings = {
  readonly paths: Pick<HomePaths, 'workspace'>
  readonly toolSettings: ToolSettings
  readonly fetch: (request: Parameters<BrokerFetch>[0], signal: AbortSignal) => ReturnType<BrokerFetch>
}

/** Runs a tool that touches nothing outside in our own process, with the same deadline and the same words. Its whole output is not kept. */
export async function runInAgent(
  tool: Tool,
  order: ToolOrder,
  { paths, toolSettings, fetch }: Surroundings,
  signal: AbortSignal,
): Promise<Omit<ToolReport, 'tookMs'>> {
  const deadline = AbortSignal.timeout(tool.deadlineMs)
  const either = AbortSignal.any([signal, deadline])
  const context = {
    workspace: paths.workspace,
    key: order.key,
    ...(order.attended === undefined ? {} : { attended: order.attended }),
    settings: toolSettings,
    signal: either,
    fetch: (request: Parameters<BrokerFetch>[0]) => fetch(request, either),
  }
  const outcome = await Promise.race([settled(() => tool.run(order.input, context)), aborted(either)])
  if (outcome === undefined) {
    return deadline.aborted
      ? { ok: false, text: `It took longer than ${tool.deadlineMs / 1_000} s.`, how: 'deadline' }
      : { ok: false, text: 'It was cancelled.', how: 'cancelled' }
  }
  const whole = outcome.ok
    ? outcome.text
    : [outcome.reason, ...(outcome.hint ? [`Hint: ${outcome.hint}`] : [])].join('\n')
  const text = whole.length > tool.maxOutput ? headAndTail(whole, tool.maxOutput, undefined) : whole
  return { ok: outcome.ok, text, how: 'done' }
}

async function settled(work: () => Promise<ToolOutcome>): Promise<ToolOutcome> {
  try {
    return await work()
  } catch (error) {
    return { ok: false, reason: `the tool failed: ${messageOf(error)}` }
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
