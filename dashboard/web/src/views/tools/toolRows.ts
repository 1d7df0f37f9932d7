/** PURE. Tools with their figures, side by side. */
import type { ToolFigures } from '../../../../contract.ts'
import type { ToolLine, Tools } from '../../../../contractViews.ts'

/** One row: what the agent offers (null while nobody can say, or where it offers it no more), and what the journal knows (null without a call). */
export type ToolRow = {
  readonly name: string
  readonly offered: ToolLine | null
  readonly figures: ToolFigures | null
}

/** Every tool that is offered or was used, by name. */
export function toolRows({ tools, figures }: Pick<Tools, 'tools' | 'figures'>): readonly ToolRow[] {
  const offered = new Map((tools ?? []).map((tool) => [tool.name, tool]))
  const used = new Map(figures.map((line) => [line.tool, line]))
  return [...new Set([...offered.keys(), ...used.keys()])]
    .toSorted((a, b) => a.localeCompare(b))
    .map((name) => ({ name, offered: offered.get(name) ?? null, figures: used.get(name) ?? null }))
}

/** Share of the runs that failed, 0–1; null without a run. */
export function failedShare({ figures }: ToolRow): number | null {
  return figures === null || figures.runs === 0 ? null : figures.failed / figures.runs
}
