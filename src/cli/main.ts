/** The `ottugi` command line. This file needs no packages: that one is missing is a fault which it must be able to tell. */
import { EXIT } from '../shared/exitCodes.ts'
import { installCommand } from '../shared/lockedPackages.ts'
import { text } from '../shared/messages/text.ts'
import { appRoot } from '../shared/paths.ts'
import { createContext } from './context.ts'
import { runElsewhere } from './lifecycle/runElsewhere.ts'
import { terminalSafe } from './terminalSafe.ts'

process.umask(0o077)
// `ottugi logs | head` closes our output early: that is no error.
process.stdout.on('error', () => process.exit(EXIT.ok))
process.stderr.on('error', () => {})

const words = process.argv.slice(2)
const context = createContext({
  get home() {
    return homeAnywhere(words)
  },
})
process.exitCode = (await runElsewhere(context, words)) ?? (await main())

async function main(): Promise<number> {
  try {
    const { runProgram } = await import('./program.ts')
    return await runProgram(context, words)
  } catch (error) {
    return tellFailure(error)
  }
}

/** `--home` counts wherever it stands: printed commands end with it. */
function homeAnywhere(given: readonly string[]): string | undefined {
  const index = given.findIndex((candidate) => candidate === '--home' || candidate.startsWith('--home='))
  if (index === -1) return undefined
  return given[index] === '--home' ? given[index + 1] : given[index]?.slice('--home='.length)
}

/** The last catch: missing packages and trouble with a file are one sentence, and what should never be thrown says so. */
function tellFailure(error: unknown): number {
  const { language, err } = context
  const { code, syscall, stack } = error as NodeJS.ErrnoException
  const reason = terminalSafe(error instanceof Error ? error.message : String(error))
  const isPackage = code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED'
  if (isPackage) {
    const command = installCommand(appRoot)
    err(text(language, 'cli.packageMissing', { reason: reason.split('\\u000a')[0] ?? reason, command }))
  } else if (syscall !== undefined) {
    err(text(language, 'cli.fileTrouble', { reason }))
  } else {
    err(text(language, 'cli.bug', { reason }))
    err(stack ?? '')
  }
  return EXIT.failed
}
