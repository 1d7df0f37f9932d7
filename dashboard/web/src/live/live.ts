/** What the page knows right now: fed by the one stream and by questions, read by every view. */
import { computed, signal } from '@preact/signals'
import type { Overview } from '../../../contract.ts'
import type { StreamEvent } from '../../../contractViews.ts'
import { nowMs, readAgeClock } from '../app/clock.ts'
import { getOverview } from './api.ts'
import { isSignedOut } from './ask.ts'
import type { StreamedEvent } from './eventParser.ts'
import { shareStream } from './shareStream.ts'
import { type AgeMark, isFreshAt, type LiveWord, liveWord } from './staleness.ts'

type DataOf<Name extends StreamEvent['event']> = Extract<StreamEvent, { event: Name }>['data']

/** The first screen; null before the first answer. */
export const overview = signal<Overview | null>(null)
/** Questions that wait for an answer; null while not known. */
export const approvalsWaiting = signal<number | null>(null)
/** Why the last question for the first screen failed, in a sentence; null where it did not. */
export const overviewFailure = signal<string | null>(null)
/** When the server was heard last. */
const heard = signal<AgeMark | null>(null)
const isHidden = signal(false)

/** False once the server was silent for 15 s: then nothing on the page may look new. */
export const fresh = computed(() => {
  // The age changes with the clock only; the marks themselves are no signals.
  void nowMs.value
  return isFreshAt(heard.value, readAgeClock())
})
/** For the header. */
export const liveState = computed<LiveWord>(() => {
  void nowMs.value
  return liveWord(heard.value, readAgeClock(), isHidden.value)
})
/** ISO 8601; null before anything was heard. */
export const lastHeardAt = computed(() => (heard.value ? new Date(heard.value.wallMs).toISOString() : null))

type Listener<Name extends StreamEvent['event']> = (data: DataOf<Name>) => void
const listeners = new Map<string, Set<(data: never) => void>>()

/** Calls `listener` with each event of that name from now on; the answer ends that. */
export function onStream<Name extends StreamEvent['event']>(name: Name, listener: Listener<Name>): () => void {
  const set = listeners.get(name) ?? new Set()
  listeners.set(name, set.add(listener as (data: never) => void))
  return () => void set.delete(listener as (data: never) => void)
}

/** The journal never comes twice: a tab that led before may hand on what another has seen. */
let lastSeq = 0

function receive({ event, data }: StreamedEvent): void {
  heard.value = readAgeClock()
  const parsed = parse(event, data)
  if (!parsed) return
  if (parsed.event === 'overview') takeOverview(parsed.data)
  if (parsed.event === 'approvals') approvalsWaiting.value = parsed.data.waiting
  if (parsed.event === 'journal') {
    if (parsed.data.seq <= lastSeq) return
    lastSeq = parsed.data.seq
  }
  for (const listener of listeners.get(parsed.event) ?? []) listener(parsed.data as never)
}

function parse(event: string, data: string): StreamEvent | null {
  try {
    const value: unknown = JSON.parse(data)
    // The contract's words; the server and this page are built together.
    return typeof value === 'object' && value !== null ? ({ event, data: value } as StreamEvent) : null
  } catch {
    return null
  }
}

function takeOverview(next: Overview): void {
  overview.value = next
  overviewFailure.value = null
  approvalsWaiting.value = next.approvalsWaiting
}

/** Asks for the first screen now: at the start, when somebody comes back, when the language changed. */
export async function refreshOverview(): Promise<void> {
  const answer = await getOverview()
  overviewFailure.value = answer.ok ? null : answer.reason
  if (!answer.ok) return
  heard.value = readAgeClock()
  takeOverview(answer.value)
}

/** Starts to be live. */
export function startLive(): void {
  const look = () => {
    isHidden.value = document.hidden
    if (!document.hidden && !isSignedOut.value) void refreshOverview()
  }
  document.addEventListener('visibilitychange', look)
  look()
  shareStream(receive)
}
