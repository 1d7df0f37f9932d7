/** `ottugi redact`: masks the secrets of whatever is piped through it. Needs no home and nothing that runs. */
import { once } from 'node:events'
import type { Command } from 'commander'
import { readEnvFile } from '../../shared/config/envFile.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { knownSecrets } from '../../shared/redact/knownSecrets.ts'
import type { Redaction } from '../../shared/redact/redaction.ts'
import { createRedaction } from '../../shared/redact/redactor.ts'
import type { CliContext } from '../context.ts'

type Options = { readonly quiet?: boolean }

/** Adds `redact`. */
export function registerRedact(program: Command, context: CliContext): void {
  const { language } = context
  const command = `journalctl -b | ${printedCommand('redact')} > log.txt`
  program
    .command('redact')
    .description(text(language, 'redact.about'))
    .option('-q, --quiet', text(language, 'redact.optQuiet'))
    .addHelpText('after', text(language, 'redact.help', { command }))
    .action(async (options: Options) => context.exit(await redact(context, options)))
}

/** Masks the input, piece by piece in bounded memory. Bytes that are no UTF-8 become the replacement letter. */
export async function redact(
  context: CliContext,
  options: Options,
  output: NodeJS.WritableStream = process.stdout,
): Promise<number> {
  const { input, language, err } = context
  if (input.isTTY === true && !options.quiet) err(text(language, 'redact.waiting'))
  const redaction = createRedaction(secretsOf(context))()
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for await (const piece of input) {
    await write(output, redaction.push(decoder.decode(Buffer.from(piece), { stream: true })))
  }
  await write(output, redaction.push(decoder.decode()) + redaction.end())
  if (!options.quiet) err(summary(context, redaction))
  return EXIT.ok
}

/** Without a readable `.env` what can be told by its form is masked all the same. */
function secretsOf({ paths, environment }: CliContext): string[] {
  const file = readEnvFile(paths.env)
  return knownSecrets({ env: file.ok ? file.variables : new Map(), environment })
}

async function write(output: NodeJS.WritableStream, masked: string): Promise<void> {
  if (masked !== '' && !output.write(masked)) await once(output, 'drain')
}

function summary({ language }: CliContext, { counts }: Redaction): string {
  const count = [...counts.values()].reduce((sum, one) => sum + one, 0)
  if (count === 0) return text(language, 'redact.nothing')
  const kinds = [...counts].toSorted().map(([kind, times]) => `${kind} ${times}`)
  return text(language, 'redact.masked', { count, kinds: kinds.join(', ') })
}
