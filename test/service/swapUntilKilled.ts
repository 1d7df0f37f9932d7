/** Exchanges a home and ends itself, as a power cut would, at a named step. */
import { settleSwap, swapBack, swapHome } from '../../src/service/homeSwap.ts'
import { homePaths } from '../../src/shared/paths.ts'

const { home, what, step, order } = JSON.parse(process.argv[2] ?? '{}')
const paths = homePaths(home)
const progress = (at: string) => {
  if (at === step) process.kill(process.pid, 'SIGKILL')
}
if (what === 'swap') swapHome(paths, order, progress)
else if (what === 'back') swapBack(paths, progress)
else settleSwap(paths, progress)
