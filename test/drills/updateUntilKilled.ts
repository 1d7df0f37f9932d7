/** Updates a home and ends itself, as a power cut would, at a named step. */
import { update } from '../../src/cli/commands/update.ts'
import { createContext, processIo } from '../../src/cli/context.ts'

const { home, step, options } = JSON.parse(process.argv[2] ?? '{}')
const context = createContext({ home }, processIo())
await update(context, options, (at) => {
  if (at === step) process.kill(process.pid, 'SIGKILL')
})
