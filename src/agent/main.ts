/** Entry point of the agent. Everything that is not a built-in is loaded only after the start is on record. */
import { enter } from '../shared/entry.ts'

await enter('agent', async () => (await import('./run.ts')).runAgent)
