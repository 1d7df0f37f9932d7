/** `ottugi tools`: what the running agent can do, and how far each tool reaches. */
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { type ApiResult, callAgent } from '../../shared/http/agentApi.ts'
import { text } from '../../shared/messages/text.ts'
import { npmOrOttugi, printedCommand } from '../../shared/printedCommand.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'

type Options = { readonly json?: boolean }

/** A tool as the agent tells of it. */
export type ToolFacts = {
  readonly name: string
  readonly description: string
  readonly safety: 'pure' | 'keyed' | 'unsafe'
  readonly risk: 0 | 1 | 2 | 3
  readonly place: 'sandbox' | 'agent'
  readonly deadlineMs: number
  readonly maxOutput: number
  readonly inputSchema: { readonly properties?: Readonly<Record<string, unknown>> }
  readonly isOn: boolean
  /** Of a tool that is off. */
  readonly why?: string
}

/** Adds `tools`. */
export function registerTools(program: Command, context: CliContext): void {
  const { language } = context
  const json = ['--json', text(language, 'cli.optJson')] as const
  const tools = program.command('tools').description(text(language, 'cli.tools'))
  tools
    .command('list', { isDefault: true })
    .description(text(language, 'cli.tools'))
    .option(...json)
    .action(async (options: Options) => context.exit(await list(context, options)))
  tools
    .command('show <name>')
    .description(text(language, 'cli.toolsShow'))
    .option(...json)
    .action(async (name: string, options: Options) => context.exit(await show(context, name, options)))
}

async function list(context: CliContext, options: Options): Promise<number> {
  const { out } = context
  const read = await readTools(context)
  if (!read.ok) return read.code
  if (options.json) {
    out(JSON.stringify({ tools: read.tools }))
    return EXIT.ok
  }
  for (const line of toolLines(context, read.tools)) out(line)
  return EXIT.ok
}

/** All tools in a table, and below it why some are off. */
export function toolLines({ language, paths }: CliContext, tools: readonly ToolFacts[]): string[] {
  const head = ['tools.tool', 'tools.risk', 'tools.repeat', 'tools.state'] as const
  const rows = tools.map((tool) => [terminalSafe(tool.name), ...factWords(language, tool)])
  const command = printedCommand('doctor', paths.home)
  const off = Map.groupBy(
    tools.filter(({ isOn }) => !isOn),
    ({ why = '' }) => why,
  )
  const reasons = [...off].map(([reason, group]) => {
    const names = group.map(({ name }) => name).join(', ')
    return text(language, 'tools.offWhy', { names: terminalSafe(names), reason: terminalSafe(reason), command })
  })
  return [...alignRows([head.map((key) => text(language, key)), ...rows]), ...reasons]
}

async function show(context: CliContext, name: string, options: Options): Promise<number> {
  const { language, out, err, paths } = context
  const read = await readTools(context)
  if (!read.ok) return read.code
  const tool = read.tools.find((found) => found.name === name)
  if (!tool) {
    err(text(language, 'tools.unknown', { name: terminalSafe(name), command: printedCommand('tools', paths.home) }))
    return EXIT.failed
  }
  if (options.json) out(JSON.stringify(tool))
  else for (const line of toolWords(context, tool)) out(line)
  return EXIT.ok
}

function factWords(language: CliContext['language'], { risk, safety, isOn }: ToolFacts): string[] {
  return [
    text(language, `tools.risk${risk}`),
    text(language, `tools.${safety}`),
    text(language, isOn ? 'tools.on' : 'tools.off'),
  ]
}

function toolWords(context: CliContext, tool: ToolFacts): string[] {
  const { language } = context
  const { deadlineMs, maxOutput, description, place, inputSchema } = tool
  const [risk = '', repeat = '', state = ''] = factWords(language, tool)
  const facts = [
    [text(language, 'tools.risk'), risk],
    [text(language, 'tools.repeat'), repeat],
    [text(language, 'tools.state'), state],
  ]
  return [
    terminalSafe(tool.name),
    ...alignRows(facts).map((row) => `  ${row}`),
    ...(tool.why === undefined ? [] : [text(language, 'tools.why', { reason: terminalSafe(tool.why) })]),
    text(language, place === 'sandbox' ? 'tools.inSandbox' : 'tools.inAgent'),
    text(language, 'tools.limits', { seconds: deadlineMs / 1_000, characters: maxOutput }),
    text(language, 'tools.arguments', { names: terminalSafe(Object.keys(inputSchema.properties ?? {}).join(', ')) }),
    text(language, 'tools.forModel', { description: terminalSafe(description) }),
  ]
}

type Read = { readonly ok: true; readonly tools: readonly ToolFacts[] } | { readonly ok: false; readonly code: number }

async function readTools(context: CliContext): Promise<Read> {
  const result = await callAgent(context.paths, { path: '/api/tools', scope: 'read' })
  if (result.ok) return { ok: true, tools: (result.value as { tools: ToolFacts[] }).tools }
  context.err(unreadWords(context, result))
  return { ok: false, code: result.why === 'unreachable' ? EXIT.unavailable : EXIT.failed }
}

function unreadWords({ language, paths }: CliContext, result: Extract<ApiResult, { ok: false }>): string {
  if (result.why === 'problem') return terminalSafe(result.detail)
  const command = npmOrOttugi('start', paths.home)
  if (result.why === 'unreachable') return text(language, 'agent.unreachable', { command })
  return text(language, 'agent.noToken', { file: paths.env, command })
}
