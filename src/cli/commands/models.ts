/** `ottugi models`: which models are known, what they cost, and whether they answer. */
import type { Command } from 'commander'
import { findModel, listModels, type ModelFacts, providerFacts } from '../../shared/config/models.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { type ApiResult, callAgent } from '../../shared/http/agentApi.ts'
import { discoverLocal, type LocalModels } from '../../shared/http/discoverLocal.ts'
import { text } from '../../shared/messages/text.ts'
import { npmOrOttugi, printedCommand } from '../../shared/printedCommand.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { readStartSettings, type StartSettings, tellProblems } from '../lifecycle/startSettings.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { contextWords, isReady, keyWords, modelJson, priceLines, priceWords } from './modelWords.ts'

type Options = { readonly json?: boolean; readonly all?: boolean }

/** Adds `models`. */
export function registerModels(program: Command, context: CliContext): void {
  const { language } = context
  const json = ['--json', text(language, 'cli.optJson')] as const
  const models = program.command('models').description(text(language, 'cli.models'))
  models
    .command('list', { isDefault: true })
    .description(text(language, 'cli.modelsList'))
    .option('--all', text(language, 'cli.modelsAll'))
    .option(...json)
    .action(async (options: Options) => context.exit(await list(context, options)))
  models
    .command('show <name>')
    .description(text(language, 'cli.modelsShow'))
    .option(...json)
    .action((name: string, options: Options) => context.exit(show(context, name, options)))
  models
    .command('test [name]')
    .description(text(language, 'cli.modelsTest'))
    .option(...json)
    .action(async (name: string | undefined, options: Options) => context.exit(await test(context, name, options)))
}

/** `models list`. An Ollama on this machine is found by itself. */
async function list(context: CliContext, options: Options): Promise<number> {
  const read = readSettings(context)
  if (!read) return EXIT.refused
  const { settings, secrets } = read
  const chosen = findModel(settings)
  const isChosen = (facts: ModelFacts) =>
    chosen.ok && facts.provider === chosen.facts.provider && facts.model === chosen.facts.model
  const known = listModels(settings)
  const shown = options.all ? known : known.filter((facts) => isChosen(facts) || isReady(facts, secrets))
  const local = await discoverLocal(providerFacts(settings, 'ollama').baseUrl)
  if (options.json) {
    const models = shown.map((facts) => ({ ...modelJson(facts, secrets), isChosen: isChosen(facts) }))
    context.out(JSON.stringify({ models, local: local ?? null }))
    return EXIT.ok
  }
  tellModels(context, shown, secrets, isChosen)
  tellLocal(context, local)
  if (!known.some((facts) => isReady(facts, secrets)) && !local) tellNobody(context, read)
  return EXIT.ok
}

function tellModels(
  { language, out }: CliContext,
  models: readonly ModelFacts[],
  secrets: StartSettings['secrets'],
  isChosen: (facts: ModelFacts) => boolean,
): void {
  const head = [
    '',
    text(language, 'models.title'),
    text(language, 'models.context'),
    text(language, 'models.prices'),
    text(language, 'models.key'),
  ]
  const rows = models.map((facts) => [
    isChosen(facts) ? '*' : '',
    terminalSafe(`${facts.provider}/${facts.model}`),
    contextWords(facts, language),
    priceWords(facts, language),
    keyWords(facts, secrets, language),
  ])
  for (const line of alignRows([head, ...rows])) out(line)
  out(text(language, 'models.chosen'))
}

function tellLocal({ language, out, home }: CliContext, local: LocalModels | undefined): void {
  const [first] = local?.models ?? []
  if (!local || first === undefined) return
  const command = printedCommand(`config set model.name ollama/${first}`, home)
  out(text(language, 'models.localFound', { names: terminalSafe(local.models.join(', ')), command }))
}

function tellNobody({ language, out, home }: CliContext, { settings }: StartSettings): void {
  const setKey = printedCommand(`config secret set ${settings.model.keyVariable || 'ANTHROPIC_API_KEY'}`, home)
  out(text(language, 'models.none', { setKey, all: printedCommand('models list --all', home) }))
}

/** `models show`. */
function show(context: CliContext, name: string, options: Options): number {
  const { language, out, err } = context
  const read = readSettings(context)
  if (!read) return EXIT.refused
  const found = findModel(read.settings, name)
  if (!found.ok) {
    err(text(language, 'models.notFound', { reason: terminalSafe(found.reason) }))
    return EXIT.failed
  }
  const { facts } = found
  if (options.json) {
    out(JSON.stringify(modelJson(facts, read.secrets)))
    return EXIT.ok
  }
  const { provider, wire, baseUrl } = facts
  out(terminalSafe(`${provider}/${facts.model}`))
  out(`  ${text(language, 'models.provider', { provider, wire, baseUrl: terminalSafe(baseUrl) })}`)
  out(`  ${text(language, 'models.keyLine', { state: keyWords(facts, read.secrets, language) })}`)
  for (const line of priceLines(facts, language)) out(`  ${line}`)
  return EXIT.ok
}

/** What the agent tells of a test. */
type Tested = {
  readonly ok: boolean
  readonly provider: string
  readonly model: string
  readonly latencyMs: number
  readonly costUsd: number
  readonly reason?: string
}

/** `models test`: the agent asks, with its key and within its limits. */
async function test(context: CliContext, name: string | undefined, options: Options): Promise<number> {
  const { out, err, paths } = context
  const body = name === undefined ? {} : { model: name }
  const result = await callAgent(paths, { method: 'POST', path: '/api/models/test', body, scope: 'chat' })
  if (!result.ok) {
    if (options.json) out(JSON.stringify({ ok: false, reason: result.why === 'problem' ? result.detail : result.why }))
    else err(unaskedWords(context, result))
    return result.why === 'unreachable' ? EXIT.unavailable : EXIT.failed
  }
  const tested = result.value as Tested
  if (options.json) out(JSON.stringify(tested))
  else out(testedWords(context, tested))
  return tested.ok ? EXIT.ok : EXIT.failed
}

/** Why nobody was asked. */
function unaskedWords({ language, paths }: CliContext, result: Extract<ApiResult, { ok: false }>): string {
  if (result.why === 'problem') return terminalSafe(result.detail)
  const command = npmOrOttugi('start', paths.home)
  if (result.why === 'unreachable') return text(language, 'agent.unreachable', { command })
  return text(language, 'agent.noToken', { file: paths.env, command })
}

function testedWords(
  { language }: CliContext,
  { ok, provider, model, latencyMs, costUsd, reason = '' }: Tested,
): string {
  const who = { provider: terminalSafe(provider), model: terminalSafe(model) }
  if (!ok) return text(language, 'models.silent', { ...who, reason: terminalSafe(reason) })
  return text(language, 'models.answered', { ...who, latencyMs, costUsd: costUsd.toFixed(6) })
}

function readSettings(context: CliContext): StartSettings | undefined {
  const read = readStartSettings(context)
  if (read.ok) return read
  tellProblems(context, read.problems, 'start.settingsInvalid')
  return undefined
}
