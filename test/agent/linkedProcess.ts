/** A process with nothing but the link, for tests: blocks its main thread, in JavaScript or in native code, when it is told to. */
import { spawnSync } from 'node:child_process'
import { startLink } from '../../src/agent/link/link.ts'
import { homePaths } from '../../src/shared/paths.ts'

const link = startLink(homePaths(process.argv[2] ?? ''), process.env)
link.setPhase('ready')

function spinForTheTest(ms: number): void {
  const until = Date.now() + ms
  while (Date.now() < until);
}

process.on('message', ({ block, ms }: { block: 'javascript' | 'native'; ms: number }) => {
  if (block === 'javascript') spinForTheTest(ms)
  else spawnSync('sleep', [String(ms / 1_000)])
  process.send?.('free')
})
