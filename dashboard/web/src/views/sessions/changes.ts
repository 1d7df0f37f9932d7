/** What a person does with a session or a run: sent to the agent through the dashboard. */
import { addressOf, ask, askRaw } from '../../live/ask.ts'
import { readEventStream } from '../../live/eventParser.ts'
import { type Answer, unreachable } from '../../live/problem.ts'

type Changed = { readonly session: string }

/** Gives a session a name. */
export function renameSession(session: string, name: string): Promise<Answer<Changed>> {
  return ask(`api/sessions/${encodeURIComponent(session)}`, { method: 'PATCH', body: { name } })
}

/** Begins a session that shares the past of this one; the answer names it. */
export function branchSession(session: string): Promise<Answer<Changed>> {
  return ask(`api/sessions/${encodeURIComponent(session)}/branch`, { method: 'POST', body: {} })
}

/** Takes a session out of all lists. */
export function deleteSession(session: string): Promise<Answer<Changed>> {
  return ask(`api/sessions/${encodeURIComponent(session)}`, { method: 'DELETE' })
}

/** Where a session can be downloaded. */
export function exportAddress(session: string, format: 'json' | 'markdown'): string {
  return addressOf(`api/sessions/${encodeURIComponent(session)}/export`, { format })
}

/** How a run is repeated: from which event on, on which model (empty: as routed), without effects. */
export type RerunWish = { readonly fromSeq: number; readonly model: string; readonly dryRun: boolean }
/** The run that was begun. */
export type Begun = { readonly run: string; readonly session: string }

/** Begins the repetition and answers as soon as it has begun; the run goes on by itself, and its events come with the live stream. */
export async function rerun(run: string, { fromSeq, model, dryRun }: RerunWish): Promise<Answer<Begun>> {
  const body = { fromSeq, ...(model === '' ? {} : { model }), ...(dryRun ? { dryRun } : {}) }
  const headers = { Accept: 'text/event-stream' }
  const answer = await askRaw(`api/runs/${encodeURIComponent(run)}/rerun`, { method: 'POST', body, headers })
  if (!answer.ok) return answer
  const stream = answer.value.body
  if (!stream) return unreachable()
  try {
    for await (const { event, data } of readEventStream(stream)) {
      if (event === 'run') return { ok: true, value: JSON.parse(data) as Begun }
    }
  } catch {
    // Said below.
  }
  return unreachable()
}
