import type { RequestHandler } from 'express'
import { offerOf } from '../tools/table.ts'
import type { Tool } from '../tools/tool.ts'

/** What the route works with. */
export type ToolsContext = {
  readonly tools: readonly Tool[]
  /** Names of the tools that may be used now. */
  readonly available: () => readonly string[]
  /** Why those that may not be used are off. */
  readonly whyOff: () => string
}

/** `GET /api/tools`: every tool with its facts, whether it may be used now, and why not. */
export function toolsRoute({ tools, available, whyOff }: ToolsContext): RequestHandler {
  return (_request, response) => {
    const on = new Set(available())
    const stateOf = ({ name }: Tool) => (on.has(name) ? { isOn: true } : { isOn: false, why: whyOff() })
    response.json({ tools: tools.map((tool) => ({ ...factsOf(tool), ...stateOf(tool) })) })
  }
}

function factsOf(tool: Tool) {
  const { name, description, safety, risk, place, runsPrograms = false, deadlineMs, maxOutput } = tool
  const { inputSchema } = offerOf(tool)
  return { name, description, safety, risk, place, runsPrograms, deadlineMs, maxOutput, inputSchema }
}
