/** A program: asks the PM2 of a home for the agent, and waits for the answer. `node pm2Caller.ts HOME` */
import { homePaths } from '../../src/shared/paths.ts'
import { createPm2 } from '../../src/shared/supervisor/pm2.ts'

await createPm2(homePaths(process.argv[2] ?? ''), { PATH: process.env['PATH'] }).start(['agent'])
