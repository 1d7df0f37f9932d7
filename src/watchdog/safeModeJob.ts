/** A person's wish for safe mode, from a paired chat: the guardian writes it down, then the agent is ended, and comes back as wished. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { appendBoot } from '../shared/bootledger.ts'
import { childEnvironment } from '../shared/childEnvironment.ts'
import { signalIdentity } from '../shared/identity.ts'
import type { Logger } from '../shared/log.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import { readLiving } from '../shared/runtimeFile.ts'

type SafeModeParts = { readonly paths: HomePaths; readonly environment: NodeJS.ProcessEnv; readonly log: Logger }

/** The ledger's word for an end that a person asked for. */
const ASKED = 'ottugi restart'

/** Asks for it. Nothing is ended where the guardian refuses. */
export function askSafeMode({ paths, environment, log }: SafeModeParts, on: boolean, by: string): void {
  const script = join(appRoot, 'src', 'guardian', 'main.ts')
  const words = [script, 'safe-mode', on ? 'on' : 'off', '--home', paths.home]
  const child = spawn(process.execPath, words, { env: childEnvironment(paths.home, environment), stdio: 'ignore' })
  child.on('error', (error) => log.warn({ error: String(error) }, 'safe mode could not be asked for'))
  child.on('exit', (code) => {
    log.warn({ on, by, code }, 'safe mode')
    const agent = code === 0 ? readLiving(paths, 'agent') : undefined
    if (!agent) return
    appendBoot(paths.boots, 'agent', { kind: 'reset', reason: ASKED })
    signalIdentity(agent, 'SIGTERM')
  })
}
