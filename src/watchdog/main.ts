import { enter } from '../shared/entry.ts'

await enter('watchdog', async () => (await import('./run.ts')).runWatchdog)
