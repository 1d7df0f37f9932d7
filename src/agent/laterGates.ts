/** The gates, loaded after the tools and at the latest beside the first answer of a model: holding every rule to its examples takes longer than the rest of a first turn. */
import { now } from '../shared/clock.ts'
import type { Settings } from '../shared/config/schema.ts'
import { messageOf } from '../shared/entry.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import type { Gates } from './gates/verdict.ts'
import type { Unhurried } from './link/unhurried.ts'

/** What they are built from. */
export type LaterGatesParts = {
  readonly paths: HomePaths
  readonly settings: Settings
  readonly log: Logger
  readonly unhurried: Unhurried
}

/** Gates that can be waited for, and that know whether they hold. */
export type LaterGates = Gates & {
  /** Resolves when they can judge. Never rejects. */
  readonly ready: () => Promise<void>
  /** True when they cannot be used: no tool may be. */
  readonly areClosed: () => boolean
}

const CLOSED: Gates = {
  judge: () => ({ verdict: 'deny', rule: 'gates-closed', reason: 'the gates do not hold', plan: '' }),
  allowAlways: () => {},
}

/** Loads them when they are first waited for. Until they hold, every call is denied. */
export function laterGates({ paths, settings, log, unhurried }: LaterGatesParts): LaterGates {
  let gates: Gates = CLOSED
  let areClosed = false
  let loading: Promise<void> | undefined
  const load = async () => {
    try {
      gates = await unhurried(() => openGates(paths, settings))
    } catch (error) {
      areClosed = true
      log.error({ reason: messageOf(error) }, 'no tool may be used')
    }
  }
  const ready = () => {
    loading ??= load()
    return loading
  }
  // A yes that comes early is kept as soon as it can be: what it means is for the rules to say.
  const keepLater = async (...yes: Parameters<Gates['allowAlways']>) => {
    await ready()
    try {
      gates.allowAlways(...yes)
    } catch (error) {
      log.error({ reason: messageOf(error) }, 'a lasting yes could not be kept')
    }
  }
  return {
    ready,
    areClosed: () => areClosed,
    judge: (call) => gates.judge(call),
    allowAlways: (call, scope) => (gates === CLOSED ? void keepLater(call, scope) : gates.allowAlways(call, scope)),
  }
}

async function openGates(paths: HomePaths, settings: Settings): Promise<Gates> {
  const [{ createGates, withMode }, { fileAlways }] = await Promise.all([
    import('./gates/createGates.ts'),
    import('./gates/fileAlways.ts'),
  ])
  const built = createGates({
    settings: settings.gates,
    workspace: paths.workspace,
    folders: settings.sandbox.folders,
    always: fileAlways(paths.always, now),
  })
  if (!built.ok) throw new Error(built.reason)
  const { gates } = built
  return {
    allowAlways: gates.allowAlways,
    judge: (call) => (call.approve === undefined ? gates : withMode(gates, call.approve)).judge(call),
  }
}
