/** Does one job of the sender, and says each result the moment it is known: a kill in between loses no answer that was given. */
import { readEnvFile } from '../shared/config/envFile.ts'
import { phrase } from '../shared/messages/phrase.ts'
import { type Delivery, type Failure, later, refused, type Tools, withoutSecret } from './channels/channel.ts'
import { deliver } from './channels/http.ts'
import { deliverBy } from './channels/table.ts'
import type { ChannelJob, DeadManJob, PollJob, SenderJob, SenderLine } from './job.ts'
import { pollChat } from './telegramUpdates.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Say = (line: SenderLine) => void
type Work = {
  readonly job: SenderJob
  readonly secret: Tools['secret']
  readonly environment: Environment
  readonly say: Say
}

/** Channels go side by side, the messages of one channel one after the other. Never rejects. */
export async function work(job: SenderJob, environment: Environment, say: Say): Promise<void> {
  const file = readEnvFile(job.envFile)
  const variables = file.ok ? file.variables : new Map<string, string>()
  const given = { job, secret: (name: string) => variables.get(name) || undefined, environment, say }
  await Promise.all([
    ...job.channels.map((channel) => deliverRow(channel, given)),
    ...(job.deadMan ? [callDeadMan(job.deadMan, given)] : []),
    ...(job.poll ? [poll(job.poll, given)] : []),
  ])
}

async function deliverRow({ channel, notices }: ChannelJob, { job, secret, environment, say }: Work): Promise<void> {
  for (const notice of notices) {
    const delivery = await guarded(job.deadlineMs, (signal) =>
      deliverBy(channel, notice, { secret, signal, environment }),
    )
    say({ is: 'delivery', channel: channel.name, key: notice.key, delivery })
    if (!delivery.ok && delivery.kind === 'retry') return
  }
}

/** Healthchecks and its like: the address while all is well, `/fail` below it when not. */
async function callDeadMan({ urlVariable, isWell }: DeadManJob, { job, secret, say }: Work): Promise<void> {
  const delivery = await guarded(job.deadlineMs, async (signal): Promise<Delivery> => {
    const written = secret(urlVariable)
    if (written === undefined) return withoutSecret(urlVariable)
    const url = URL.parse(written)
    if (url === null || !/^https?:$/.test(url.protocol))
      return refused(phrase('notify.why.address', { name: urlVariable }))
    if (!isWell) url.pathname = `${url.pathname.replace(/\/+$/, '')}/fail`
    return deliver({ url: url.href }, signal)
  })
  say({ is: 'deadMan', delivery })
}

async function poll(asked: PollJob, { job, secret, say }: Work): Promise<void> {
  const waitMs = asked.waitSeconds * 1_000 + job.deadlineMs
  const result = await guarded(waitMs, (signal) => pollChat(asked, secret, signal))
  say({ is: 'poll', channel: asked.channel.name, result })
}

/** The deadline holds also where a channel does not heed it, and a bug in one channel is a failure of that channel alone. */
async function guarded<T>(limitMs: number, act: (signal: AbortSignal) => Promise<T>): Promise<T | Failure> {
  const signal = AbortSignal.timeout(limitMs)
  const late = new Promise<Failure>((resolve) => {
    signal.addEventListener('abort', () => setImmediate(resolve, later(phrase('notify.why.timeout'))), { once: true })
  })
  try {
    return await Promise.race([act(signal), late])
  } catch {
    return later(phrase('notify.why.child'))
  }
}
