import { textOf } from '../../shared/messages/text.ts'
import type { CliContext } from '../context.ts'
import { prepareHome } from './prepareHome.ts'

/** Does what writes into the home, once it is one; else says why it cannot be one and gives that exit code. */
export function inPreparedHome<Code extends number | Promise<number>>(
  { paths, language, err }: CliContext,
  work: () => Code,
): Code | number {
  const problem = prepareHome(paths)
  if (!problem) return work()
  err(textOf(language, problem.words))
  return problem.code
}
