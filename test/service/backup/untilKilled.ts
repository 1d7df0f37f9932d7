/** Takes or restores a backup and ends itself, as a power cut would, at a named step. */
import { settleStaged, stageRestore } from '../../../src/service/backup/stageRestore.ts'
import { takeBackup } from '../../../src/service/backup/takeBackup.ts'
import { swapHome } from '../../../src/service/homeSwap.ts'
import { homePaths } from '../../../src/shared/paths.ts'

const { what, step, order: given } = JSON.parse(process.argv[2] ?? '{}')
const progress = (at: string) => {
  if (at === step) process.kill(process.pid, 'SIGKILL')
}
const readRoom = () => ({ freeBytes: 1e12, freeInodes: 1e6, isLow: false, isFull: false })
const order = { ...given, paths: homePaths(given.paths.home), readRoom, progress }
if (what === 'backup') await takeBackup(order)
else {
  const staged = await stageRestore(order)
  if (!staged.ok) throw new Error(staged.detail)
  settleStaged(order.paths, staged.id, { nowMs: Date.parse(order.at), reason: 'restored' })
  swapHome(order.paths, { id: staged.id, why: 'restore', at: order.at, names: staged.names }, progress)
}
