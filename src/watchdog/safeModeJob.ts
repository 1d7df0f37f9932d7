/** A person's wish for safe mode, from a paired chat or the page: the guardian writes it down, then the agent is ended, and comes back as wished. */
import { appendBoot } from '../shared/bootledger.ts'
import { signalIdentity } from '../shared/identity.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import { readLiving } from '../shared/runtimeFile.ts'
import { askGuardian, type WishResult } from './guardianWish.ts'

type SafeModeParts = { readonly paths: HomePaths; readonly environment: NodeJS.ProcessEnv; readonly log: Logger }

/** The ledger's word for an end that a person asked for. */
export const ASKED = 'ottugi restart'

/** Asks for it; `told` hears what came of it. Nothing is ended where the guardian refuses. */
export function askSafeMode(
  parts: SafeModeParts,
  on: boolean,
  by: string,
  told: (result: WishResult) => void = () => {},
): void {
  const { paths, log } = parts
  askGuardian(parts, ['safe-mode', on ? 'on' : 'off'], (result) => {
    log.warn({ on, by, ...result }, 'safe mode')
    const agent = result.ok ? readLiving(paths, 'agent') : undefined
    if (agent) {
      appendBoot(paths.boots, 'agent', { kind: 'reset', reason: ASKED })
      signalIdentity(agent, 'SIGTERM')
    }
    told(result)
  })
}
