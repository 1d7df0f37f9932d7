/** `ottugi config secret`: puts secrets into `.env` and lists their names. A value is never printed, and never an argument: arguments show in `ps`. */

import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Command } from 'commander'
import { readEnvFile, type SetVariableResult, setEnvVariable } from '../../shared/config/envFile.ts'
import { isSettingVariable } from '../../shared/config/overrides.ts'
import { formatProblem, settingsProblem } from '../../shared/config/problem.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { CliContext } from '../context.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'

/** More than any key; what comes longer is a file by mistake. */
const LONGEST_SECRET = 65_536

/** Adds `secret` below `config`. */
export function registerSecret(config: Command, context: CliContext): void {
  const { language } = context
  const secret = config.command('secret').description(text(language, 'config.aboutSecret'))
  secret
    .command('set <name>')
    .description(text(language, 'config.aboutSecretSet'))
    .action(async (name: string) => context.exit(await inPreparedHome(context, () => setSecret(context, name))))
  secret
    .command('list')
    .description(text(language, 'config.aboutSecretList'))
    .option('--json', text(language, 'config.aboutJson'))
    .action((options: { readonly json?: boolean }) => context.exit(listSecrets(context, options)))
}

/** `config secret set`. */
export async function setSecret(context: CliContext, name: string): Promise<number> {
  const { language } = context
  if (isSettingVariable(name))
    return refuse(
      context,
      text(language, 'config.secretIsSetting', { name, command: printedCommand('config set', context.home) }),
    )
  const value = await readValue(context, name)
  if (value === '')
    return refuse(
      context,
      text(language, 'config.secretEmpty', { command: printedCommand(`config secret set ${name}`, context.home) }),
    )
  const result = setEnvVariable(context.paths.env, name, value)
  if (!result.ok) return explain(context, name, result)
  context.out(text(language, 'config.secretSaved', { name, file: context.paths.env }))
  return EXIT.ok
}

/** `config secret list`: every name in `.env` that is no setting, and whether it has a value. */
export function listSecrets(context: CliContext, options: { readonly json?: boolean }): number {
  const file = readEnvFile(context.paths.env)
  if (!file.ok) return explain(context, '.env', { ...file, reason: 'unreadable' })
  const names = [...file.variables]
    .filter(([name, value]) => !isSettingVariable(name) && value !== '')
    .map(([name]) => name)
  if (options.json ?? context.json) context.out(JSON.stringify(names))
  else
    context.out(
      names.length > 0 ? names.join('\n') : text(context.language, 'config.noSecrets', { file: context.paths.env }),
    )
  return EXIT.ok
}

/** One line, typed unseen or handed over; the line break at its end is not part of it. */
async function readValue(context: CliContext, name: string): Promise<string> {
  if (context.isTerminal) return askHidden(context, text(context.language, 'config.secretPrompt', { name }))
  let value = ''
  for await (const chunk of context.input) {
    value += String(chunk)
    if (value.length > LONGEST_SECRET) break
  }
  return value.replace(/\r?\n$/, '')
}

/** Nothing is echoed; Ctrl+C and Ctrl+D give an empty answer. */
export async function askHidden(context: CliContext, prompt: string): Promise<string> {
  context.err(prompt)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: context.input, output: nowhere, terminal: true })
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  lines.once('SIGINT', () => lines.close())
  try {
    return await Promise.race([lines.question(''), closed])
  } finally {
    lines.close()
  }
}

type Refused = Exclude<SetVariableResult, { readonly ok: true }>

function explain(context: CliContext, name: string, refused: Refused): number {
  const { language, paths } = context
  switch (refused.reason) {
    case 'bad-name':
      return refuse(context, text(language, 'config.secretBadName', { name }))
    case 'newline':
      return refuse(context, text(language, 'config.secretNewline', { name }))
    case 'unquotable':
      return refuse(context, text(language, 'config.secretUnquotable', { name }))
    case 'unwritable':
      context.err(text(language, 'config.writeFailed', { file: paths.env, reason: refused.code }))
      return EXIT.failed
    default:
      context.err(
        formatProblem(settingsProblem({ where: '.env', expected: refused.expected, got: refused.got }), language),
      )
      return EXIT.failed
  }
}

function refuse(context: CliContext, sentence: string): number {
  context.err(sentence)
  return EXIT.usage
}
