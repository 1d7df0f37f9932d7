/** What a job may look like when somebody asks for one. */
import * as z from 'zod'
import { CATCH_UPS, GATE_MODES, type Job, OVERLAPS } from '../../shared/schedule/job.ts'

/** One year: a longer interval is a cron line. */
const LONGEST_MS = 366 * 86_400_000

/** What makes a job due, as it is asked for. */
export const triggerShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cron'), line: z.string().trim().min(1).max(200) }),
  z.strictObject({ kind: z.literal('every'), everyMs: z.int().min(1).max(LONGEST_MS) }),
  z.strictObject({ kind: z.literal('at'), at: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1).max(4_096) }),
  z.strictObject({ kind: z.literal('incident') }),
  z.strictObject({ kind: z.literal('webhook') }),
])

const name = z.string().trim().min(1).max(100)
const prompt = z.string().trim().min(1).max(100_000)

const rest = {
  zone: z.string().min(1).max(64),
  catchUp: z.enum(CATCH_UPS),
  overlap: z.enum(OVERLAPS),
  jitterMs: z.int().min(0).max(86_400_000),
  limits: z.strictObject({
    usd: z.number().min(0).max(1_000_000).exactOptional(),
    tokens: z.int().min(1).exactOptional(),
    rounds: z.int().min(1).max(1_000).exactOptional(),
  }),
  gates: z.enum(GATE_MODES),
  notify: z.array(z.string().min(1).max(100)).max(20),
  createdBy: z.string().min(1).max(200),
}

const choice = {
  model: z.string().min(1).max(200).exactOptional(),
  task: z.enum(['quick', 'default', 'deep']).exactOptional(),
}

/** A whole job as `POST /api/schedule` takes it. */
export const jobShape = z
  .strictObject({
    name: name.default(''),
    prompt,
    trigger: triggerShape,
    ...choice,
    zone: rest.zone.default('UTC'),
    catchUp: rest.catchUp.default('once'),
    overlap: rest.overlap.optional(),
    jitterMs: rest.jitterMs.default(0),
    limits: rest.limits.default({}),
    gates: rest.gates.default('deny'),
    notify: rest.notify.default([]),
    createdBy: rest.createdBy.default('owner'),
  })
  // Missed runs that are all made up for are due at the same time: they wait for each other, unless something else was asked for.
  .transform((job) => ({
    ...job,
    overlap: job.overlap ?? (job.catchUp === 'all' ? ('queue' as const) : ('skip' as const)),
  }))

/** What `PATCH` changes of one; what is left out stays. */
export const changeShape = z
  .strictObject({ name, prompt, trigger: triggerShape, ...choice, ...rest })
  .omit({ createdBy: true })
  .partial()

/** A job before it has an id. */
export type JobDraft = Omit<Job, 'id' | 'paused' | 'createdMs'>
