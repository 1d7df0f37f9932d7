/** What the user of a service does for its install, in its own home: nobody else writes there, root least of all. */
import { rmSync } from 'node:fs'
import { now } from '../../shared/clock.ts'
import { pauseDesired, readDesired, writeDesired } from '../../shared/desired.ts'
import { textOf } from '../../shared/messages/text.ts'
import { appRoot } from '../../shared/paths.ts'
import { saveRescue } from '../../shared/rescueFolder.ts'
import { ensureTokens } from '../../shared/tokens.ts'
import type { CliContext } from '../context.ts'
import { checkOwner, prepareHome } from '../lifecycle/prepareHome.ts'

/** Fills the home with what a start needs and saves the rescue, or takes the rescue out again (`undo`). Gives what went wrong, in words. */
export async function prepare(
  { paths, language }: Pick<CliContext, 'paths' | 'language'>,
  { start, undo }: { readonly start?: boolean; readonly undo?: boolean },
): Promise<string | undefined> {
  if (undo) {
    const foreign = checkOwner(paths)
    if (foreign) return textOf(language, foreign.words)
    if (readDesired(paths.desired) !== 'running') writeDesired(paths.desired, 'stopped')
    rmSync(paths.rescue, { recursive: true, force: true })
    return undefined
  }
  const problem = prepareHome(paths)
  if (problem) return textOf(language, problem.words)
  await ensureTokens(paths.env)
  if (start) writeDesired(paths.desired, 'running')
  else if (readDesired(paths.desired) !== 'running') pauseDesired(paths.desired)
  const saved = saveRescue(paths, appRoot, now().at)
  return saved.ok ? undefined : saved.reason
}
