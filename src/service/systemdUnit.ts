/** The texts of our units. Pure: what is written here was decided elsewhere. */
import { systemUnitLines, USER_UNIT_LINES } from './hardening.ts'
import { bareWord, commandWord, pathWord, signUnit, variableWord } from './unitFile.ts'

/** `user`: of one user, runs as long as that user is known to systemd (lingers). `system`: of the machine, as a user of its own. */
export type Scope = 'user' | 'system'

/** What a unit is made of. Paths are absolute. */
export type UnitSpec = {
  readonly scope: Scope
  /** Without `.service`. */
  readonly name: string
  readonly home: string
  /** The folder of the program. */
  readonly root: string
  /** `data/rescue`. */
  readonly rescue: string
  readonly path: string
  /** The user of a system unit. */
  readonly user?: string
  /** May tools run programs? Without them the unit may do less. */
  readonly tools: boolean
  /** The program belongs to whom it runs as: a repair may put packages back. */
  readonly isProgramOurs: boolean
}

/** A unit file: its name and its text. */
export type UnitFile = { readonly name: string; readonly text: string }

/** systemd restarts the whole tree when the watchdog said nothing for so long. The agent ends a watchdog that hangs long before. */
export const WATCHDOG_SEC = 30
/**
 * Packages may have to be installed again before anything starts: the rescue tries for four minutes, its last try may take three. Then an update may
 * hold the start for four more.
 */
const START_LIMIT_SEC = 720
/** More than the longest drain, and the supervisor's own stop after it. */
const STOP_LIMIT_SEC = 40

/** The unit itself, and the one that calls a person where systemd gives up. */
export function unitFiles(spec: UnitSpec): readonly UnitFile[] {
  return [
    { name: `${spec.name}.service`, text: signUnit(spec.home, serviceText(spec)) },
    { name: `${spec.name}-alert.service`, text: signUnit(spec.home, alertText(spec)) },
  ]
}

function serviceText(spec: UnitSpec): string {
  const { scope, name, home, root } = spec
  const isSystem = scope === 'system'
  return section({
    Unit: [
      `Description=Ottugi, a self-healing agent (${bareWord(home)})`,
      ...(isSystem ? ['Wants=network-online.target', 'After=network-online.target'] : []),
      ...(isSystem ? [`RequiresMountsFor=${pathWord(home)} ${pathWord(root)}`] : []),
      // A home that was moved is skipped with a word, not tried for ever.
      `ConditionPathExists=${bareWord(`${spec.rescue}/rescue.mjs`)}`,
      'StartLimitIntervalSec=0',
      `OnFailure=${name}-alert.service`,
    ],
    Service: [
      '# No main process: any of ours may end and come back, only the end of all of them is the end of the service.',
      'Type=forking',
      'GuessMainPID=no',
      'NotifyAccess=all',
      `WatchdogSec=${WATCHDOG_SEC}`,
      'WatchdogSignal=SIGKILL',
      'Restart=always',
      'RestartSec=500ms',
      `TimeoutStartSec=${START_LIMIT_SEC}`,
      `TimeoutStopSec=${STOP_LIMIT_SEC}`,
      '# One process that the kernel ends for its memory comes back by itself.',
      'OOMPolicy=continue',
      'LimitCORE=0',
      'UMask=0077',
      `SyslogIdentifier=${name}`,
      `ExecCondition=${rescueCall(spec, 'wanted')}`,
      `ExecStart=${rescueCall(spec, 'start')}`,
      `ExecStop=-${rescueCall(spec, 'stop')}`,
      `ExecStopPost=-${rescueCall(spec, 'ended')}`,
      ...common(spec),
    ],
    Install: [`WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`],
  })
}

function alertText(spec: UnitSpec): string {
  return section({
    Unit: [
      `Description=Says that systemd gave up on Ottugi (${bareWord(spec.home)})`,
      `ConditionPathExists=${bareWord(`${spec.rescue}/rescue.mjs`)}`,
    ],
    Service: ['Type=oneshot', 'UMask=0077', `ExecStart=${rescueCall(spec, 'alert')}`, ...common(spec)],
  })
}

/** Who it runs as, with what around it, and what it may not do. */
function common(spec: UnitSpec): string[] {
  const environment = `Environment=${variableWord('PATH', spec.path)}`
  if (spec.scope === 'user') return [environment, ...USER_UNIT_LINES]
  const { user = 'ottugi', home, root, isProgramOurs } = spec
  const writable = [home, ...(isProgramOurs ? [root] : [])].map(pathWord).join(' ')
  return [
    `User=${user}`,
    `Group=${user}`,
    environment,
    `Environment=${variableWord('HOME', home)}`,
    ...systemUnitLines(spec.tools),
    ...homeFolders(home, root),
    `ReadWritePaths=${writable}`,
  ]
}

const HOMES = ['/home', '/root', '/run/user']
/** A private /tmp hides what is there. */
const TEMPORARY = ['/tmp', '/var/tmp']

/** The homes of people are not there, nor the temporary files of others, except what is ours among them. */
function homeFolders(home: string, root: string): string[] {
  const isIn = (folders: readonly string[]) => (path: string) =>
    folders.some((folder) => `${path}/`.startsWith(`${folder}/`))
  const ours = [...new Set([home, root])]
  const shown = ours.filter(isIn([...HOMES, ...TEMPORARY])).map((path) => `BindPaths=${pathWord(path)}`)
  return [`ProtectHome=${ours.some(isIn(HOMES)) ? 'tmpfs' : 'yes'}`, ...shown]
}

function rescueCall({ rescue, home }: UnitSpec, word: string): string {
  return [`${rescue}/node`, `${rescue}/rescue.mjs`, word, '--home', home].map(commandWord).join(' ')
}

function section(parts: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(parts)
    .map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`)
    .join('\n')
}
