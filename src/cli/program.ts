/** Makes sense of the words of a call. Each command is one file; it is loaded only when it is the one that was asked for. */
import { Command, CommanderError } from 'commander'
import { EXIT } from '../shared/exitCodes.ts'
import { text, textOf } from '../shared/messages/text.ts'
import { appVersion, findHome } from '../shared/paths.ts'
import { printedCommand } from '../shared/printedCommand.ts'
import type { CliContext } from './context.ts'
import { explainIn, usageSentence } from './help.ts'
import { checkOwner, type HomeProblem } from './lifecycle/prepareHome.ts'
import { namedCommand, registerCommands } from './registry.ts'
import { terminalSafe } from './terminalSafe.ts'

/** These work without a home. */
const HOMELESS: ReadonlySet<string> = new Set(['completion', 'drill', 'redact', 'service'])

/** Ends a command before it begins. */
class HomeRefused extends Error {
  readonly problem: HomeProblem
  constructor(problem: HomeProblem) {
    super('this home is not ours')
    this.problem = problem
  }
}

/** Runs the command that the words name and gives its exit code. Throws only what no command expected. */
export async function runProgram(given: CliContext, words: readonly string[]): Promise<number> {
  if (namesEmptyHome(words)) {
    const home = findHome(undefined, given.environment)
    given.err(text(given.language, 'cli.emptyHome', { home }))
    return EXIT.usage
  }
  let code: number = EXIT.ok
  const context = withExit(given, (ended) => {
    code = ended
  })
  const program = createProgram(context, words)
  try {
    await registerCommands(program, context, words)
    await program.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return explain(context, words, error)
    if (!(error instanceof HomeRefused)) throw error
    context.err(textOf(context.language, error.problem.words))
    return error.problem.code
  }
}

/** The same context, with another `exit`. Its getters stay getters. */
function withExit(context: CliContext, exit: CliContext['exit']): CliContext {
  return Object.create(context, { exit: { value: exit, enumerable: true } })
}

function namesEmptyHome(words: readonly string[]): boolean {
  return words.some((word, index) => word === '--home=' || (word === '' && words[index - 1] === '--home'))
}

function createProgram(context: CliContext, words: readonly string[]): Command {
  const { language, out, err } = context
  const isBare = namedCommand(words).word === undefined
  const line = (print: (text: string) => void) => (given: string) => print(given.replace(/\n$/, ''))
  return explainIn(language, new Command('ottugi'))
    .description(text(language, 'cli.about'))
    .version(appVersion(), '-V, --version', text(language, 'cli.optVersion'))
    .option('--home <folder>', text(language, 'cli.optHome'))
    .configureOutput({
      writeOut: line(out),
      // Help that nobody asked for belongs to the errors; that of a bare `ottugi` was asked for.
      writeErr: line(isBare ? out : err),
      outputError: () => {},
    })
    .exitOverride()
    .hook('preAction', (_program, action) => {
      const isHomeless = HOMELESS.has(action.name()) || HOMELESS.has(action.parent?.name() ?? '')
      const problem = isHomeless ? undefined : checkOwner(context.paths)
      if (problem) throw new HomeRefused(problem)
    })
}

/** Help and version end well; everything else that Commander throws is wrong usage. */
function explain({ language, err }: CliContext, words: readonly string[], error: CommanderError): number {
  const { word, isKnown } = namedCommand(words)
  const isHelp = error.code === 'commander.help'
  if (error.exitCode === 0 || (isHelp && word === undefined)) return EXIT.ok
  if (isHelp) return EXIT.usage
  const command = printedCommand(isKnown ? `${word} --help` : '--help')
  err(`${terminalSafe(usageSentence(language, error))} ${text(language, 'cli.seeHelp', { command })}`)
  return EXIT.usage
}
