/** `ottugi approvals`: what waits for a person's yes or no. It is said at a terminal: never by a tool, a model or a script. */
import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { answer, find, list } from '../../shared/approvals/approvals.ts'
import { renderApproval } from '../../shared/approvals/render.ts'
import { now } from '../../shared/clock.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { forgetPermission, listAlways } from './approvalsAlways.ts'

type Options = { readonly json?: boolean }

/** Adds `approvals`. */
export function registerApprovals(program: Command, context: CliContext): void {
  const { language } = context
  const json = ['--json', text(language, 'cli.optJsonLines')] as const
  const approvals = program.command('approvals').description(text(language, 'cli.approvals'))
  approvals
    .command('list', { isDefault: true })
    .description(text(language, 'cli.approvals'))
    .option(...json)
    .action((options: Options) => context.exit(listApprovals(context, options)))
  approvals
    .command('show <id>')
    .description(text(language, 'cli.approvalsShow'))
    .option(...json)
    .action((id: string, options: Options) => context.exit(showApproval(context, id, options)))
  approvals
    .command('approve <id>')
    .description(text(language, 'cli.approvalsApprove'))
    .action((id: string) => context.exit(answerApproval(context, id, 'approved')))
  approvals
    .command('deny <id>')
    .description(text(language, 'cli.approvalsDeny'))
    .action((id: string) => context.exit(answerApproval(context, id, 'denied')))
  approvals
    .command('forget <id>')
    .description(text(language, 'cli.approvalsForget'))
    .action((id: string) => context.exit(forgetPermission(context, id)))
}

/** All of them, oldest first, then what is always allowed. Writes nothing. */
export function listApprovals(context: CliContext, options: Options): number {
  const { language, out, paths } = context
  const all = list(paths.approvals, now())
  if (options.json) for (const approval of all) out(JSON.stringify(approval))
  else if (all.length === 0) out(text(language, 'approvals.none'))
  else for (const approval of all) out(renderApproval(approval, language).join('\n'))
  listAlways(context, options.json === true)
  return EXIT.ok
}

/** One of them. */
export function showApproval(context: CliContext, id: string, options: Options): number {
  const approval = find(context.paths.approvals, id, now())
  if (!approval) return unknown(context, id)
  context.out(options.json ? JSON.stringify(approval) : renderApproval(approval, context.language).join('\n'))
  return EXIT.ok
}

/** `approve` and `deny`: shows once more what the answer is about, and keeps it. */
export function answerApproval(context: CliContext, id: string, verdict: 'approved' | 'denied'): number {
  const { language, out, err, paths, isTerminal } = context
  const word = verdict === 'approved' ? 'approve' : 'deny'
  if (!isTerminal) {
    const command = printedCommand(`approvals ${word} ${terminalSafe(id)}`, paths.home)
    err(text(language, 'approvals.needsTerminal', { command }))
    return EXIT.usage
  }
  const approval = find(paths.approvals, id, now())
  if (!approval) return unknown(context, id)
  out(renderApproval(approval, language).join('\n'))
  const name = approval.question.id
  const answered = answer(paths.approvals, { id: name, verdict, by: { channel: 'terminal', who: ownName() } }, now())
  if (answered.ok) {
    out(text(language, verdict === 'approved' ? 'approvals.saidYes' : 'approvals.saidNo', { id: name }))
    return EXIT.ok
  }
  const state = find(paths.approvals, name, now())?.state ?? approval.state
  err(text(language, 'approvals.notOpen', { id: name, state: text(language, `approvals.${state}`) }))
  return EXIT.failed
}

function unknown({ language, err, paths }: CliContext, id: string): number {
  err(text(language, 'approvals.unknownId', { id: terminalSafe(id), command: printedCommand('approvals', paths.home) }))
  return EXIT.failed
}

/** The user's name, or number where the machine knows no name. */
function ownName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.()}`
  }
}
