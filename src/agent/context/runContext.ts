/** What the loop calls before each question to a model: reads the session, makes room where it is needed, puts everything together. */
import type { ToolOffer } from '../../model/modelCall.ts'
import type { RunEvent } from '../journal/event.ts'
import { type AssembledContext, assemble } from './assemble.ts'
import { isCompactionDue, undoneSince } from './compaction.ts'
import type { Compactor } from './compactor.ts'
import { conversationOf } from './conversation.ts'
import { type ProjectNotes, systemText } from './systemPrompt.ts'

/** What it works with; everything is asked anew for each call. */
export type ContextDependencies = {
  /** What a session remembers, as far as it is still shown to a model. */
  readonly recall: (session: string) => readonly RunEvent[]
  readonly compactor: Compactor
  readonly prompt: () => string
  readonly profile?: () => string
  readonly notes: () => readonly ProjectNotes[]
  readonly tools: () => readonly ToolOffer[]
  /** The window of the model that would be asked, and what is kept free in it for the answer. */
  readonly window: (model: string | undefined) => { readonly contextTokens: number; readonly reserveTokens: number }
  /** From this share of the room on, older turns are summarised; 1 never does it. */
  readonly compactAtShare: number
}

/** Sessions whose failed tries are remembered; beyond that the oldest is forgotten and may be tried once more. */
const MOST_REMEMBERED = 1_000

/** Builds the function that shows a model a run; its events are all that there are of the run. */
export function createRunContext(
  dependencies: ContextDependencies,
): (events: readonly RunEvent[]) => Promise<AssembledContext> {
  const failures = new Map<string, number>()
  return async (events) => {
    const session = events[0]?.session ?? ''
    const built = build(events, session, dependencies)
    if (!isDue(built, dependencies.compactAtShare, failures.get(session) ?? 0)) return built.context
    const compaction = await dependencies.compactor.compact(session, events)
    if (compaction.ok) return build(events, session, dependencies).context
    // The key is set anew, so that the map forgets the session that failed longest ago.
    const count = (failures.get(session) ?? 0) + 1
    failures.delete(session)
    failures.set(session, count)
    if (failures.size > MOST_REMEMBERED) failures.delete(failures.keys().next().value ?? '')
    return built.context
  }
}

type Built = ReturnType<typeof build>

function build(events: readonly RunEvent[], session: string, dependencies: ContextDependencies) {
  const { recall, prompt, profile, notes, window } = dependencies
  const tools = dependencies.tools()
  const past = recall(session)
  const size = window(messageOf(events)?.model)
  const system = systemText({
    prompt: prompt(),
    profile: profile?.() ?? '',
    notes: notes(),
    hasTools: tools.length > 0,
  })
  const context = assemble({ conversation: conversationOf(past, events), system, tools, ...size })
  return { context, past, room: size.contextTokens - size.reserveTokens }
}

function isDue({ context, past, room }: Built, share: number, failures: number): boolean {
  // What was left out already counts as well: the estimate says what would be sent.
  const estimate = context.dropped.pieces > 0 ? room : context.estimate
  return isCompactionDue({ estimate, room }, share, failures + undoneSince(past))
}

function messageOf(events: readonly RunEvent[]) {
  return events[0]?.type === 'message_in' ? events[0].data : undefined
}
