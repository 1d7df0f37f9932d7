/** The wizard's questions about where the dashboard is reached, and what starts Ottugi. */
import { networkInterfaces } from 'node:os'
import { versionedBy } from '../../guardian/checks/nodePath.ts'
import { findInstalled } from '../../service/installed.ts'
import { lookAtSystemd } from '../../service/systemdHost.ts'
import { isLoopbackHost } from '../../shared/config/loopback.ts'
import { text } from '../../shared/messages/text.ts'
import { appRoot } from '../../shared/paths.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { Answers, ServiceAnswer } from './answers.ts'
import { portIn } from './flagValues.ts'
import type { Choice, Prompts } from './prompts.ts'
import type { Desk } from './trials.ts'

const THIS_MACHINE = '127.0.0.1'
const EVERY_ADDRESS = '0.0.0.0'
/** The addresses that Tailscale gives: 100.64.0.0/10. */
const TAILNET = /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./

/** Host, port and public address of the dashboard. Undefined when the person leaves. */
export async function askDashboard(
  { language, current }: Desk,
  prompts: Prompts,
  answers: Answers,
): Promise<Answers | undefined> {
  const { host, port, publicUrl } = current.settings.dashboard
  const dashboardHost = await prompts.choose(text(language, 'init.askHost'), hostChoices(language, host), host)
  if (dashboardHost === undefined) return undefined
  const typedPort = await prompts.line({
    ...{ message: text(language, 'init.askPort'), initial: String(port) },
    check: (typed) => (portIn(typed) === undefined ? text(language, 'init.badPort') : undefined),
  })
  if (typedPort === undefined) return undefined
  const url = await prompts.line({
    ...{ message: text(language, 'init.askPublicUrl'), initial: publicUrl },
    check: (typed) => (typed === '' || URL.canParse(typed) ? undefined : text(language, 'init.badUrl')),
  })
  if (url === undefined) return undefined
  const dashboardPort = portIn(typedPort) ?? port
  if (isLoopbackHost(dashboardHost)) prompts.say('info', text(language, 'init.phoneHint', { port: dashboardPort }))
  return { ...answers, dashboardHost, dashboardPort, publicUrl: url }
}

function hostChoices(language: Desk['language'], present: string): Choice<string>[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? [])
  const tailnet = addresses.filter((address) => TAILNET.test(address))
  const choices: Choice<string>[] = [
    { value: THIS_MACHINE, label: text(language, 'init.hostThis') },
    ...tailnet.map((value) => ({ value, label: text(language, 'init.hostTailnet', { address: value }) })),
    { value: EVERY_ADDRESS, label: text(language, 'init.hostAll'), hint: text(language, 'init.hostAllHint') },
  ]
  return choices.some(({ value }) => value === present) ? choices : [{ value: present, label: present }, ...choices]
}

/** What starts it, and whether to start now. Undefined when the person leaves. */
export async function askService(desk: Desk, prompts: Prompts, answers: Answers): Promise<Answers | undefined> {
  const { language, context } = desk
  const installed = findInstalled(context.home, context.environment)
  if (installed) {
    prompts.say('info', text(language, 'init.serviceThere', { path: installed.path }))
    return answers
  }
  const choices = serviceChoices(desk)
  if (choices.length === 1) prompts.say('info', text(language, 'init.noService'))
  const service =
    choices.length === 1 ? 'none' : await prompts.choose<ServiceAnswer>(text(language, 'init.askService'), choices)
  if (service === undefined) return undefined
  if (service !== 'none') {
    const warning = passingProgram(language)
    if (warning !== undefined) prompts.say('warn', warning)
    return { ...answers, service }
  }
  const start = await prompts.yesNo(
    text(language, 'init.askStart', { command: printedCommand('start', context.home) }),
    true,
  )
  return start === undefined ? undefined : { ...answers, service, start }
}

/** Why a service should not be installed from here (npx, a version manager): its program may be gone at the next boot. Undefined where it stays. */
export function passingProgram(language: Desk['language']): string | undefined {
  const manager = versionedBy(`${appRoot}/`)
  return manager && text(language, 'init.passing', { manager, path: appRoot, command: 'npm install --global ottugi' })
}

/** Only what can be installed here, by whoever asks. */
function serviceChoices({ language, context }: Desk): Choice<ServiceAnswer>[] {
  const { hasSystemd, uid } = lookAtSystemd(context.home, context.environment)
  const hasManager = hasSystemd || process.platform === 'darwin'
  const user: Choice<ServiceAnswer> = { value: 'user', label: text(language, 'init.service.user') }
  const system: Choice<ServiceAnswer> = { value: 'system', label: text(language, 'init.service.system') }
  const none: Choice<ServiceAnswer> = { value: 'none', label: text(language, 'init.service.none') }
  if (!hasManager) return [none]
  return uid === 0 ? [system, none] : [user, none]
}
