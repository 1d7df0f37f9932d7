import { type LedgerRecord, readBoots } from '../../shared/bootledger.ts'
import { bootId, now } from '../../shared/clock.ts'
import { type HeapLimit, heapLimitMb, highestHeapMb, RAISED_HEAP, usableMemoryMb } from '../../shared/heapLimit.ts'
import { type ActionContext, defineAction, HOLDS, refuse } from '../action.ts'
import { exactly, integerFrom } from '../closedSet.ts'
import { type FileSnapshot, replaceFile, restoreFile, snapshotFile } from '../heldFile.ts'

/** What a process ends with when V8 gives up: 128 + SIGABRT. */
const ABORTED = 134

/** The heap limit of the settings in MiB; undefined where they cannot be read. Loaded here and not before: it needs packages. */
async function configuredMbOf({ paths, environment }: ActionContext): Promise<number | undefined> {
  const { loadSettings } = await import('../../shared/config/load.ts')
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  return loaded.ok ? loaded.settings.agent.maxHeapMb : undefined
}

/** True when the newest unasked end of the agent in this boot says that its memory was used up: by its own word, or by V8's abort. */
export function endedOutOfMemory(records: readonly LedgerRecord[], boot: string): boolean {
  const end = records.findLast(
    (record) => record.app === 'agent' && record.bootId === boot && record.kind === 'end' && !record.planned,
  )
  if (end?.kind !== 'end') return false
  return end.code === ABORTED || end.reason.startsWith('out-of-memory') || end.reason === 'SIGABRT'
}

type Args = { readonly mb: number }
type Snapshot = { readonly before: FileSnapshot; readonly configuredMb: number }

/** Raises the agent's own heap limit, within bounds, after it ended out of memory. The settings are not touched. */
export const setHeapLimit = defineAction<Args, Snapshot>({
  id: 'set_heap_limit',
  why: 'The agent ended out of memory: let its heap be larger than the settings say, within what the machine has.',
  risk: 1,
  timeLimitMs: 2_000,
  parseArgs: exactly({ mb: integerFrom(RAISED_HEAP.minMb, RAISED_HEAP.maxMb) }),
  precondition: async (ctx, { mb }) => {
    if (!endedOutOfMemory(readBoots(ctx.paths.boots), bootId())) return refuse('the agent did not end out of memory')
    const configuredMb = await configuredMbOf(ctx)
    if (configuredMb === undefined) return refuse('the settings cannot be read')
    const inForce = heapLimitMb(ctx.paths, configuredMb)
    if (mb <= inForce) return refuse(`the limit is ${inForce} MiB already`)
    const highest = highestHeapMb(configuredMb, usableMemoryMb())
    return mb <= highest ? HOLDS : refuse(`at most ${highest} MiB here: 4 times the setting, half of the memory`)
  },
  plan: ({ mb }) => `let the heap of the agent grow to ${mb} MiB`,
  snapshot: async (ctx) => {
    const configuredMb = await configuredMbOf(ctx)
    if (configuredMb === undefined) throw new Error('the settings cannot be read')
    return { before: snapshotFile(ctx.paths.home, ctx.paths.heapLimit), configuredMb }
  },
  act: (ctx, { mb }, { configuredMb }) => {
    const limit: HeapLimit = { configuredMb, mb, at: now().at }
    replaceFile(ctx.paths.home, ctx.paths.heapLimit, `${JSON.stringify(limit, null, 2)}\n`)
    return { note: `the heap of the agent may grow to ${mb} MiB (the settings say ${configuredMb})` }
  },
  undo: (ctx, _args, { before }) => restoreFile(ctx.paths.home, ctx.paths.heapLimit, before),
  postcondition: (ctx, { mb }, { configuredMb }) =>
    heapLimitMb(ctx.paths, configuredMb) === mb ? HOLDS : refuse('the limit is not in force'),
  examples: {
    allowed: [{ mb: 64 }, { mb: 1_024 }],
    refused: [
      { args: { mb: 63 }, reason: 'nothing runs in so little' },
      { args: { mb: 1_000_000 }, reason: 'more than any machine of ours should give' },
      { args: { mb: '1024' }, reason: 'a text is no number' },
    ],
  },
})
