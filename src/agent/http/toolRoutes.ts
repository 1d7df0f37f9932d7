import type { RequestHandler } from 'express'
import { offerOf } from '../tools/table.ts'
import type { Tool } from '../tools/tool.ts'

/** What the route works with. */
export type ToolsContext = {
  readonly tools: readonly Tool[]
  /** Names of the tools that may be used now. */
  readonly available: () => readonly string[]
}

/** `GET /api/tools`: every tool with its facts, and whether it may be used now. */
export function toolsRoute({ tools, available }: ToolsContext): RequestHandler {
  return (_request, response) => {
    const on = new Set(available())
    response.json({ tools: tools.map((tool) => ({ ...factsOf(tool), isOn: on.has(tool.name) })) })
  }
}

function factsOf(tool: Tool) {
  const { name, description, safety, risk, place, runsPrograms = false, deadlineMs, maxOutput } = tool
  const { inputSchema } = offerOf(tool)
  return { name, description, safety, risk, place, runsPrograms, deadlineMs, maxOutput, inputSchema }
}
