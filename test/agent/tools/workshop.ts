/** A workspace for one test file, a secret outside it, and the call of a tool as the child makes it: its schema first, then `run`. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { TOOLS } from '../../../src/agent/tools/table.ts'
import type { ToolContext, ToolOutcome } from '../../../src/agent/tools/tool.ts'

export type Workshop = {
  /** Holds `workspace` and, outside of it, `secret.txt`. */
  readonly home: string
  readonly workspace: string
  readonly file: (name: string, content: string | Uint8Array, mode?: number) => string
  readonly call: (tool: string, input: unknown, more?: Partial<ToolContext>) => Promise<ToolOutcome>
  readonly leave: () => void
}

export const SECRET = 'secret-8d2f'

/** Builds it. */
export function openWorkshop(): Workshop {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'ottugi-tools-')))
  const workspace = join(home, 'workspace')
  mkdirSync(workspace)
  writeFileSync(join(home, 'secret.txt'), SECRET)
  return {
    home,
    workspace,
    file: (name, content, mode = 0o644) => {
      const path = join(workspace, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content, { mode })
      return path
    },
    call: async (name, input, more = {}) => {
      const tool = TOOLS.find((candidate) => candidate.name === name)
      if (!tool) throw new Error(`no tool ${name}`)
      return tool.run(tool.schema.parse(input), contextOf(workspace, more))
    },
    leave: () => rmSync(home, { recursive: true, force: true }),
  }
}

function contextOf(workspace: string, more: Partial<ToolContext>): ToolContext {
  return {
    workspace,
    signal: new AbortController().signal,
    key: 'key-1',
    fetch: async () => ({ ok: false, reason: 'no network in this test' }),
    settings: { search: { engine: 'none', url: '' } },
    ...more,
  }
}

/** All that a tool said. */
export function saidBy(outcome: ToolOutcome): string {
  return outcome.ok ? outcome.text : [outcome.reason, outcome.hint ?? ''].join('\n')
}
