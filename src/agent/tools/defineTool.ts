import type { Tool } from './tool.ts'

/**
 * Makes a tool of its parts. The schema and `run` agree on the input here; afterwards it is one of many, whose input is unknown to who lists them:
 * only what its own schema has made may be handed to `run`.
 */
export function defineTool<Input>(tool: Tool<Input>): Tool {
  return tool as unknown as Tool
}
