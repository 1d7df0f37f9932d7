/** Turns a sentence of a person into a job that is shown and not stored: one forced call of a quick model, checked like any other job. */
import * as z from 'zod'
import type { AnswerTool, ModelRequest, ProviderResult } from '../../model/modelCall.ts'
import { type Phrase, phrase } from '../../shared/messages/phrase.ts'
import type { Trigger } from '../../shared/schedule/job.ts'
import { nextDues } from './due.ts'
import type { JobDraft } from './jobDraft.ts'
import type { Schedule } from './schedule.ts'

/** The port: what a model makes of a request. Exactly one of `cron`, `at`, `everyMs` and `on`. */
export type Propose = (
  text: string,
  nowIso: string,
  zone: string,
) => Promise<{ readonly ok: true; readonly wish: JobWish } | { readonly ok: false; readonly reason: string }>

const wishShape = z.strictObject({
  name: z.string().max(100).optional(),
  prompt: z.string().min(1).max(20_000),
  zone: z.string().max(64).optional(),
  cron: z.string().max(200).optional(),
  at: z.string().max(64).optional(),
  everyMs: z.int().min(1).optional(),
  notify: z.array(z.string().min(1).max(100)).max(20).optional(),
  on: z.union([z.enum(['incident', 'webhook']), z.string().regex(/^file:.+/)]).optional(),
})

/** What a model may answer. */
export type JobWish = z.infer<typeof wishShape>

/** The call that a model must make. */
const PROPOSE_TOOL: AnswerTool = {
  name: 'propose_job',
  description:
    'Describe the scheduled job that the person asks for. Give exactly one of cron (five fields: minute hour day-of-month month day-of-week, local time of the zone; day of month and day of week must both match), at (one moment, ISO 8601 with offset), everyMs (a plain interval) and on (file:/absolute/path, incident, webhook). The prompt is what the agent is asked each time, without the time of day in it, and without where the answer is sent: that is notify, names of channels such as ntfy, email or telegram, where the person names one.',
  inputSchema: z.toJSONSchema(wishShape, { target: 'draft-7' }) as AnswerTool['inputSchema'],
  isValid: (input) => {
    const parsed = wishShape.safeParse(input)
    return parsed.success && triggersOf(parsed.data).length === 1
  },
}

/** Asks a model through the gate; the request says everything but which model. */
export type AskQuick = (
  request: Pick<ModelRequest, 'system' | 'turns' | 'maxTokens' | 'tool'> & { readonly task: 'quick' },
) => Promise<ProviderResult>

/** The port over the gate of model calls. */
export function proposeWith(ask: AskQuick): Propose {
  return async (text, nowIso, zone) => {
    const system = `You turn a request into one scheduled job. It is ${nowIso} now; the person's time zone is ${zone}. Use that zone unless another one is named.`
    const answer = await ask({
      system,
      turns: [{ role: 'user', text }],
      maxTokens: 1_024,
      tool: PROPOSE_TOOL,
      task: 'quick',
    })
    if (!answer.ok) return { ok: false, reason: answer.reason }
    const wish = wishShape.safeParse(answer.toolInput)
    return wish.success ? { ok: true, wish: wish.data } : { ok: false, reason: 'the model gave no usable job' }
  }
}

/** A proposal: the job as `POST /api/schedule` takes it, and the next three moments at which it would be due. */
export type Proposed =
  | { readonly ok: true; readonly job: JobDraft; readonly next: readonly string[] }
  | { readonly ok: false; readonly problem: Phrase }

/** What a request is held against. */
export type ProposeParts = {
  readonly schedule: Pick<Schedule, 'check'>
  readonly propose: Propose
  readonly nowMs: () => number
}

const SHOWN = 3

/** Makes a proposal. Nothing is stored. */
export async function proposeJob(
  text: string,
  zone: string,
  { schedule, propose, nowMs }: ProposeParts,
): Promise<Proposed> {
  const answer = await propose(text, new Date(nowMs()).toISOString(), zone)
  if (!answer.ok) return { ok: false, problem: phrase('schedule.noProposal', { reason: answer.reason }) }
  const { name, prompt, notify, zone: named } = answer.wish
  const [trigger, ...more] = triggersOf(answer.wish)
  if (!trigger || more.length > 0) {
    return { ok: false, problem: phrase('schedule.noProposal', { reason: 'expected one of cron, at, everyMs and on' }) }
  }
  const checked = schedule.check({
    ...(name ? { name } : {}),
    ...(notify ? { notify } : {}),
    prompt,
    zone: named || zone,
    trigger,
  })
  if (!checked.ok) return checked
  const due = { ...checked.job, id: '', createdMs: nowMs() }
  const next = nextDues(due, nowMs(), SHOWN).map((dueMs) => new Date(dueMs).toISOString())
  return { ok: true, job: checked.job, next }
}

function triggersOf({ cron, at, everyMs, on }: JobWish): Trigger[] {
  return [
    ...(cron === undefined ? [] : [{ kind: 'cron', line: cron } as const]),
    ...(at === undefined ? [] : [{ kind: 'at', at } as const]),
    ...(everyMs === undefined ? [] : [{ kind: 'every', everyMs } as const]),
    ...(on === undefined ? [] : [eventOf(on)]),
  ]
}

function eventOf(on: string): Trigger {
  if (on === 'incident' || on === 'webhook') return { kind: on }
  return { kind: 'file', path: on.replace(/^file:/, '') }
}
