/** A process that repairs and is killed at the given step: the real SIGKILL, not an imitation. Its one argument is JSON. */
import { execute } from '../../src/repair/execute.ts'
import { homePaths } from '../../src/shared/paths.ts'
import type { Prepared } from './scenarios.ts'

type Order = Prepared & { readonly home: string; readonly action: string; readonly killAt: number }

const { home, action, args, root, freeMb, path, killAt }: Order = JSON.parse(process.argv[2] ?? '')
const freeBytes = (freeMb ?? 10_000) * 1_024 * 1_024
let step = 0
const result = await execute(
  {
    paths: homePaths(home),
    environment: { PATH: path ?? '' },
    ...(root ? { root } : {}),
    readRoom: () => ({ freeBytes, freeInodes: 100_000, isLow: false, isFull: freeBytes < 24 * 1_024 * 1_024 }),
    progress: () => {
      if (step++ === killAt) process.kill(process.pid, 'SIGKILL')
    },
  },
  { action, args, by: 'test', fault: 'test' },
)
process.stdout.write(JSON.stringify(result))
