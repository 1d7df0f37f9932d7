/** `ottugi schedule add` and `propose`: what becomes a job, and the yes before it. */
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { EXIT } from '../../shared/exitCodes.ts'
import { type ApiCall, callAgent } from '../../shared/http/agentApi.ts'
import { text } from '../../shared/messages/text.ts'
import { npmOrOttugi } from '../../shared/printedCommand.ts'
import type { Job, ListedJob, Trigger } from '../../shared/schedule/job.ts'
import type { CliContext } from '../context.ts'
import { parseDuration } from '../duration.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { triggerWords, whenWords } from './scheduleWords.ts'

/** What `schedule add` is told. */
export type JobOptions = {
  readonly prompt?: string
  readonly cron?: string
  readonly every?: string
  readonly at?: string
  readonly on?: string
  readonly name?: string
  readonly zone?: string
  readonly catchUp?: string
  readonly overlap?: string
  readonly jitter?: string
  readonly usd?: string
  readonly tokens?: string
  readonly rounds?: string
  readonly model?: string
  readonly task?: string
  readonly dryRun?: boolean
  readonly notify?: readonly string[]
  readonly yes?: boolean
  readonly json?: boolean
}

/** Adds a job; the agent checks it. A sentence without a trigger is turned into a job, shown, and added after a yes. */
export async function addJob(context: CliContext, request: string | undefined, options: JobOptions): Promise<number> {
  const { language, err } = context
  const triggers = triggersOf(options)
  if (request !== undefined && triggers.length === 0 && options.prompt === undefined)
    return proposeJob(context, request, options)
  const [trigger, ...more] = triggers
  const prompt = options.prompt ?? request
  if (!trigger || more.length > 0 || prompt === undefined) {
    err(text(language, prompt === undefined ? 'schedule.needsPrompt' : 'schedule.oneTrigger'))
    return EXIT.usage
  }
  const times = [options.every, options.jitter].filter(
    (time) => time !== undefined && parseDuration(time) === undefined,
  )
  if (times[0] !== undefined) {
    err(
      text(language, 'cli.badValue', {
        what: '--every, --jitter',
        expected: '90s, 10m, 2h',
        got: terminalSafe(times[0]),
      }),
    )
    return EXIT.usage
  }
  return store(context, { ...bodyOf(options), prompt, trigger }, options.json === true)
}

function triggersOf({ cron, every, at, on }: JobOptions): Trigger[] {
  return [
    ...(cron === undefined ? [] : [{ kind: 'cron', line: cron } as const]),
    ...(every === undefined ? [] : [{ kind: 'every', everyMs: Math.round(parseDuration(every) ?? 0) } as const]),
    ...(at === undefined ? [] : [{ kind: 'at', at } as const]),
    ...(on?.startsWith('file:') ? [{ kind: 'file', path: resolve(on.slice('file:'.length)) } as const] : []),
    ...(on === 'incident' || on === 'webhook' ? [{ kind: on } as const] : []),
  ]
}

/** Only what was said: for everything else the agent has its defaults. */
function bodyOf(options: JobOptions): Record<string, unknown> {
  const { prompt, name, zone = ownZone(), catchUp, overlap, model, task, notify, jitter, dryRun } = options
  const limits = Object.fromEntries(
    (['usd', 'tokens', 'rounds'] as const).flatMap((key) =>
      options[key] === undefined ? [] : [[key, Number(options[key])]],
    ),
  )
  const said = {
    ...{ prompt, name, zone, catchUp, overlap, model, task, notify, limits },
    jitterMs: jitter === undefined ? undefined : Math.round(parseDuration(jitter) ?? 0),
    gates: dryRun ? 'dry-run' : undefined,
    createdBy: 'terminal',
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

/** The zone of this terminal. */
function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

async function store(context: CliContext, body: object, asJson: boolean): Promise<number> {
  const { language, out } = context
  const told = await tellAgent(context, { method: 'POST', path: '/api/schedule', body, scope: 'admin' })
  if (!told.ok) return told.exit
  const { job, hook } = told.value as { job: ListedJob; hook?: { path: string; token: string } }
  if (asJson) {
    out(JSON.stringify(told.value))
    return EXIT.ok
  }
  out(text(language, 'schedule.added', { id: job.id, name: terminalSafe(job.name) }))
  if (job.nextMs !== null) out(text(language, 'schedule.nextDues', { dues: whenWords(job.nextMs, job.zone) }))
  if (hook) out(text(language, 'schedule.hookToken', hook))
  return EXIT.ok
}

/** Shows what a sentence would become, and stores it after a yes. */
export async function proposeJob(
  context: CliContext,
  request: string,
  { yes, json, ...options }: JobOptions,
): Promise<number> {
  const { language, err } = context
  // Beside the answer as JSON nothing else stands on the output.
  const out = json ? err : context.out
  const said = bodyOf(options)
  const body = { text: request, zone: said['zone'] }
  const told = await tellAgent(context, { method: 'POST', path: '/api/schedule/propose', body, scope: 'chat' })
  if (!told.ok) return told.exit
  const { job, next } = told.value as { job: Job; next: string[] }
  const when = triggerWords(job.trigger, language)
  out(text(language, 'schedule.proposal', { when, zone: terminalSafe(job.zone), prompt: terminalSafe(job.prompt) }))
  const dues = next.map((at) => whenWords(Date.parse(at), job.zone)).join(', ')
  if (job.notify.length > 0) out(text(language, 'schedule.sentTo', { channels: terminalSafe(job.notify.join(', ')) }))
  if (dues !== '') out(text(language, 'schedule.nextDues', { dues }))
  if (!yes && !context.isTerminal) {
    err(text(language, 'schedule.needsYes'))
    return EXIT.usage
  }
  if (yes || (await isWanted(context))) return store(context, { ...job, ...wishesIn(said, options) }, json === true)
  out(text(language, 'schedule.notAdded'))
  return EXIT.ok
}

/** What was said beside the sentence goes before what a model made of it; the zone it may have read there. */
function wishesIn({ zone, limits, ...wishes }: Record<string, unknown>, options: JobOptions): Record<string, unknown> {
  return {
    ...wishes,
    ...(options.zone === undefined ? {} : { zone }),
    ...(Object.keys(limits as object).length > 0 ? { limits } : {}),
  }
}

async function isWanted({ language, input }: CliContext): Promise<boolean> {
  const lines = createInterface({ input, output: process.stdout })
  try {
    return /^(y|yes|ㅛ|네|예)$/i.test((await lines.question(text(language, 'schedule.confirm'))).trim())
  } catch {
    // Ctrl-C and the end of the input are no yes.
    return false
  } finally {
    lines.close()
  }
}

/** Calls the agent, and words what went wrong. */
export async function tellAgent(
  { language, err, paths }: CliContext,
  call: ApiCall,
): Promise<{ readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly exit: number }> {
  const result = await callAgent(paths, call)
  if (result.ok) return result
  const command = npmOrOttugi('start', paths.home)
  if (result.why === 'problem') err(terminalSafe(result.detail))
  else if (result.why === 'unreachable') err(text(language, 'agent.unreachable', { command }))
  else err(text(language, 'agent.noToken', { file: paths.env, command }))
  return { ok: false, exit: result.why === 'unreachable' ? EXIT.unavailable : EXIT.failed }
}
