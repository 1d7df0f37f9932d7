/** Tries an agent and says when it is there; whoever started this ends it then. */
import { existsSync } from 'node:fs'
import { waitFor } from '../../../src/drill/waitFor.ts'
import { trialFolder, tryAgent } from '../../../src/service/update/tryAgent.ts'
import { homePaths } from '../../../src/shared/paths.ts'
import { ownProgram } from '../../../src/shared/programOf.ts'

const paths = homePaths(process.argv[2] ?? '')
const limits = { readyMs: 60_000, steadyMs: 600_000, silentMs: 600_000 }
void tryAgent({ paths, program: ownProgram(), journal: undefined, environment: process.env }, limits)
const file = homePaths(trialFolder(paths)).identityOf('agent')
await waitFor('the agent that is tried', 60_000, () => (existsSync(file) ? true : undefined))
process.stdout.write('there\n')
