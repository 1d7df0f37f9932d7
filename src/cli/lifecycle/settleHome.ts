/** What was cut off in the middle (a restore, an update) is undone or finished before anything is started. */
import { settleSwap } from '../../service/homeSwap.ts'
import { settleUpdate, type UpdateSettled } from '../../service/update/settleUpdate.ts'
import { text } from '../../shared/messages/text.ts'
import type { HomePaths } from '../../shared/paths.ts'
import type { CliContext } from '../context.ts'
import { livingProcesses } from './takeDown.ts'

/** What was settled. */
export type Settled = { readonly swapUndone: boolean; readonly update: UpdateSettled }

/** Settles it. The caller holds the start lock. Nothing is exchanged below a process that lives. */
export function settleHome(paths: HomePaths): Settled {
  const isRunning = livingProcesses(paths).length > 0
  const swapUndone = !isRunning && settleSwap(paths)
  return { swapUndone, update: settleUpdate(paths, isRunning) }
}

/** Says to a person what was settled. */
export function tellSettled(
  { err, language }: Pick<CliContext, 'err' | 'language'>,
  { swapUndone, update }: Settled,
): void {
  if (swapUndone) err(text(language, 'restore.cutOff'))
  if (update === 'undone') err(text(language, 'update.settledUndone'))
}
