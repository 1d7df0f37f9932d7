/** What a plan would do, in lines: for the wizard's last question and for `--dry-run`. No secret is shown. */
import { lineDiff } from '../../shared/lineDiff.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { Current } from './current.ts'
import { draftText } from './draft.ts'
import type { Plan } from './plan.ts'
import type { Desk } from './trials.ts'

/** The lines; none where nothing would be done. */
export function summaryLines(
  current: Pick<Current, 'settingsText'>,
  plan: Plan,
  { context, language }: Pick<Desk, 'context' | 'language'>,
): string[] {
  const { settings, env } = context.paths
  const diff = lineDiff(current.settingsText, draftText(current, plan))
  const service = plan.service === 'system' ? 'service install --system' : 'service install'
  return [
    ...(diff === '' ? [] : [text(language, 'init.wouldSet', { file: settings }), diff]),
    ...plan.secrets.map(({ name }) => text(language, 'init.wouldKeep', { name, file: env })),
    ...(plan.service ? [text(language, 'init.wouldRun', { command: printedCommand(service, context.home) })] : []),
    ...(plan.start ? [text(language, 'init.wouldRun', { command: printedCommand('start', context.home) })] : []),
  ]
}
