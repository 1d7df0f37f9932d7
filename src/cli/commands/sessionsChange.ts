/** What changes a session, through the running agent: it alone writes the journal. */
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { type ApiCall, type ApiResult, callAgent } from '../../shared/http/agentApi.ts'
import { text } from '../../shared/messages/text.ts'
import { npmOrOttugi, printedCommand } from '../../shared/printedCommand.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'

type BranchOptions = { readonly at?: string; readonly as?: string; readonly json?: boolean }
type DeleteOptions = { readonly purge?: boolean; readonly yes?: boolean }

/** Adds `rename`, `branch` and `delete` to `sessions`. */
export function registerSessionChanges(sessions: Command, context: CliContext): void {
  const { language } = context
  sessions
    .command('rename <session> <name>')
    .description(text(language, 'sessions.rename'))
    .action(async (session: string, name: string) => context.exit(await renameSession(context, session, name)))
  sessions
    .command('branch <session>')
    .description(text(language, 'sessions.branch'))
    .option('--at <seq>', text(language, 'sessions.optAt'))
    .option('--as <id>', text(language, 'sessions.optAs'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (session: string, options: BranchOptions) =>
      context.exit(await branchSession(context, session, options)),
    )
  sessions
    .command('delete <session>')
    .description(text(language, 'sessions.delete'))
    .option('--purge', text(language, 'sessions.optPurge'))
    .option('--yes', text(language, 'sessions.optYes'))
    .action(async (session: string, options: DeleteOptions) =>
      context.exit(await deleteSession(context, session, options)),
    )
}

const pathOf = (session: string) => `/api/sessions/${encodeURIComponent(session)}`

async function renameSession(context: CliContext, session: string, name: string): Promise<number> {
  const result = await callAgent(context.paths, {
    method: 'PATCH',
    path: pathOf(session),
    body: { name },
    scope: 'chat',
  })
  if (!result.ok) return tellProblem(context, result)
  context.out(text(context.language, 'sessions.renamed', { session: terminalSafe(session), name: terminalSafe(name) }))
  return EXIT.ok
}

async function branchSession(context: CliContext, session: string, options: BranchOptions): Promise<number> {
  const { language, out, paths } = context
  const seq = readSeq(context, '--at', options.at)
  if (seq === null) return EXIT.usage
  const body = { ...(seq === undefined ? {} : { seq }), ...(options.as === undefined ? {} : { session: options.as }) }
  const result = await callAgent(paths, { method: 'POST', path: `${pathOf(session)}/branch`, body, scope: 'chat' })
  if (!result.ok) return tellProblem(context, result)
  const made = String((result.value as { session?: unknown } | null)?.session)
  const words = { session: terminalSafe(made), from: terminalSafe(session) }
  out(options.json ? terminalSafe(JSON.stringify({ session: made })) : text(language, 'sessions.branched', words))
  return EXIT.ok
}

async function deleteSession(
  context: CliContext,
  session: string,
  { purge = false, yes = false }: DeleteOptions,
): Promise<number> {
  const { language, out, err, paths } = context
  if (purge && !yes) {
    const command = printedCommand(`sessions delete ${terminalSafe(session)} --purge --yes`, paths.home)
    err(text(language, 'sessions.purgeNeedsYes', { command }))
    return EXIT.usage
  }
  const call: ApiCall = {
    method: 'DELETE',
    path: `${pathOf(session)}${purge ? '?purge=true' : ''}`,
    scope: purge ? 'admin' : 'chat',
  }
  const result = await callAgent(paths, call)
  if (!result.ok) return tellProblem(context, result)
  out(text(language, purge ? 'sessions.purged' : 'sessions.deleted', { session: terminalSafe(session) }))
  return EXIT.ok
}

/** The number of an event; null after it was said that it is none. */
export function readSeq(
  { language, err }: CliContext,
  option: string,
  given: string | undefined,
): number | null | undefined {
  if (given === undefined) return undefined
  const seq = Number(given)
  if (Number.isSafeInteger(seq) && seq >= 1) return seq
  err(text(language, 'sessions.badNumber', { option, got: terminalSafe(given) }))
  return null
}

/** Says why a call came to nothing, and gives the exit code. */
export function tellProblem({ language, paths, err }: CliContext, result: Extract<ApiResult, { ok: false }>): number {
  const command = npmOrOttugi('start', paths.home)
  if (result.why === 'problem') err(terminalSafe(result.detail))
  else if (result.why === 'unreachable') err(text(language, 'agent.unreachable', { command }))
  else err(text(language, 'agent.noToken', { file: paths.env, command }))
  return result.why === 'unreachable' ? EXIT.unavailable : EXIT.failed
}
