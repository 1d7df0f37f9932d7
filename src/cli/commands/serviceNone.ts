/** Says that this home has no service, and which homes have one: under sudo another home is meant than the one that is found. */
import { listInstalled } from '../../service/installed.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { CliContext } from '../context.ts'

/** Prints it and gives the exit code back. */
export function tellNone({ language, paths, environment, out }: CliContext, code: number): number {
  out(text(language, 'service.none', { command: printedCommand('service install', paths.home) }))
  for (const { path, home } of listInstalled(environment)) out(text(language, 'service.ofOther', { path, home }))
  return code
}
