/** A process with nothing but the link, for tests: blocks its main thread, in JavaScript or in native code, when it is told to. */
import { spawnSync } from 'node:child_process'
import { startLink } from '../../src/agent/link/link.ts'
import { monotonicMs } from '../../src/shared/clock.ts'
import { homePaths } from '../../src/shared/paths.ts'

const link = startLink(homePaths(process.argv[2] ?? ''), process.env)
link.setPhase('ready')

function spinForTheTest(ms: number): void {
  const until = Date.now() + ms
  while (Date.now() < until);
}

type Order = { readonly block: 'javascript' | 'native' | 'announced'; readonly ms: number }

/** As a long start does: announced, and not idle for a moment when it is over. */
function startLong(ms: number): void {
  link.announceBusy(monotonicMs() + 2 * ms)
  spinForTheTest(ms)
  link.announceBusy(null)
  spinForTheTest(800)
}

process.on('message', ({ block, ms }: Order) => {
  if (block === 'announced') startLong(ms)
  else if (block === 'javascript') spinForTheTest(ms)
  else spawnSync('sleep', [String(ms / 1_000)])
  process.send?.('free')
})
