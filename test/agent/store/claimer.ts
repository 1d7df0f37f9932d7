/** A process that claims every unfinished run it can get and writes to those. Arguments: module of the store, place, owner. */
import type { Journal } from '../../../src/agent/journal/journal.ts'

const [module = '', place = '', owner = ''] = process.argv.slice(2)
const { openStore } = (await import(module)) as { openStore: (place: string) => Journal }
const journal = openStore(place)
process.send?.('ready')
process.on('message', async () => {
  const won: string[] = []
  for (const run of journal.unfinishedRuns()) {
    const lease = journal.claim(run, { owner, leaseMs: 60_000, nowMs: 1 })
    if (!lease) continue
    const written = await journal.write({
      lease,
      session: 's',
      bodies: [{ type: 'hinted', data: { kind: 'nudge', text: owner } }],
    })
    if (written.ok) won.push(run)
  }
  journal.close()
  process.send?.(won)
})
