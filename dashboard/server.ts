/** Entry point of the dashboard. Everything that is not a built-in is loaded only after the start is on record. */
import { enter } from '../src/shared/entry.ts'

await enter('dashboard', async () => (await import('./run.ts')).runDashboard)
