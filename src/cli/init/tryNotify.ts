/** A real message to a channel that is not set up yet: sent as an alert is, from a folder of its own, so that the home stays as it is. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { plainNotice } from '../../alert/compose.ts'
import { type CourierHome, sendOff } from '../../alert/courier.ts'
import { DELIVERY_LIMIT_MS } from '../../alert/dispatcher.ts'
import type { SenderJob, SenderLine } from '../../alert/job.ts'
import { setEnvVariable } from '../../shared/config/envFile.ts'
import type { Settings } from '../../shared/config/schema.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text, textOf } from '../../shared/messages/text.ts'
import { homePaths } from '../../shared/paths.ts'

/** What a test message is made from. `secrets`: those of the channel. */
export type NotifyTrial = {
  readonly settings: Settings
  readonly channel: string
  readonly secrets: ReadonlyMap<string, string>
  readonly environment: NodeJS.ProcessEnv
  readonly language: Language
  readonly signal: AbortSignal
}

/** Sends it. Undefined when it was taken, else why not, in words. The folder with the secrets is gone afterwards. */
export async function tryNotify(trial: NotifyTrial): Promise<string | undefined> {
  const { settings, language, environment } = trial
  const channel = settings.alerts.channels.find(({ name }) => name === trial.channel)
  if (!channel) return trial.channel
  const paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-init-')))
  const clear = () => rmSync(paths.home, { recursive: true, force: true })
  process.once('exit', clear)
  try {
    mkdirSync(paths.data, { mode: 0o700 })
    for (const [name, value] of trial.secrets) setEnvVariable(paths.env, name, value)
    const wall = Date.now()
    const voice = { language, host: hostname(), link: settings.alerts.link, timeZone: settings.alerts.timeZone, wall }
    const said = { key: `-.test.${wall.toString(36)}.${channel.name}`, body: text(language, 'init.testBody') }
    const job = {
      ...{ envFile: paths.env, deadlineMs: DELIVERY_LIMIT_MS },
      channels: [{ channel, notices: [plainNotice('test', said, voice)] }],
    }
    const home = { paths, environment, passEnv: settings.supervisor.passEnv }
    const lines = await deliver(home, job, trial.signal)
    const line = lines.find((one) => one.is === 'delivery')
    if (line?.is !== 'delivery') return text(language, 'notify.why.child')
    return line.delivery.ok ? undefined : textOf(language, line.delivery.reason)
  } finally {
    process.off('exit', clear)
    clear()
  }
}

function deliver(home: CourierHome, job: SenderJob, signal: AbortSignal): Promise<SenderLine[]> {
  return new Promise((resolve) => {
    const said: SenderLine[] = []
    const courier = sendOff(home, job, {
      line: (line) => said.push(line),
      ended: () => {
        clearTimeout(timer)
        resolve(said)
      },
    })
    const timer = setTimeout(courier.kill, 2 * DELIVERY_LIMIT_MS)
    signal.addEventListener('abort', courier.kill, { once: true })
  })
}
