/** One life of an agent-like process: takes its questions, goes on with what is unfinished, and says when everything has ended. Arguments: database, provider, counter, runs. */
import { openSqliteJournal } from '../../../src/agent/journal/sqliteJournal.ts'
import { isDeadOwner, ownerName } from '../../../src/agent/runs/owner.ts'
import { createRuns } from '../../../src/agent/runs/runs.ts'
import { ownIdentity } from '../../../src/shared/identity.ts'
import { partsOf, plainGate } from '../loop/parts.ts'
import { questionFor, runName } from './questions.ts'

const [file = '', url = '', counter = '', count = '0'] = process.argv.slice(2)
const journal = openSqliteJournal(file)
const runs = createRuns(
  partsOf({
    journal,
    url,
    owner: ownerName(ownIdentity()),
    isDead: isDeadOwner,
    act: async (effect) => {
      const response = await fetch(counter, { method: 'POST', body: JSON.stringify(effect) })
      return response.text()
    },
  }),
)
// Loading the provider's code, and the first call, may take longer than a life of the drill lasts: they are no part of it.
await plainGate(url).ask(
  { system: '', turns: [{ role: 'user', text: 'hello' }] },
  { run: '', session: '', signal: new AbortController().signal, onText: () => {} },
)
await fetch(counter).then((response) => response.text())
/** As many at once as a busy agent works on: with all of them, a life would be over before one had made a step. */
const AT_ONCE = 8
const indexes = Array.from({ length: Number(count) }, (_, index) => index).values()
process.send?.('ready')
const work = async () => {
  for (const index of indexes) {
    const accepted = await runs.accept({ run: runName(index), session: `s${index}`, text: questionFor(index) })
    if (accepted.ok && 'live' in accepted) await accepted.live.settled
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work))
process.send?.('done')
