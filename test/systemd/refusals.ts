/** What cannot be installed, and what a person changed: said in words, and nothing of it touched. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, must, type Ran, ringOf, run } from './inside.ts'
import { asUser, newUser, type Seen, UID } from './stage.ts'

const UNITS = '/etc/systemd/system'
const RUNTIME = [`XDG_RUNTIME_DIR=/run/user/${UID}`]

/** The same command where a folder is empty: that of the systemd which runs the machine, or that of D-Bus. */
function withoutFolder(path: string, command: Command): Command {
  return ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs none ${path} && exec "$@"`, 'sh', ...command]
}

/** Everywhere it is refused before anything is changed. */
export async function refusals(): Promise<Seen> {
  const folder = newUser()
  const ring = ringOf(join(folder, 'o'))
  const install = (...words: string[]) => ring.ottugi('service', 'install', ...words)
  const foreign = '/var/lib/foreign'
  mkdirSync(foreign, { mode: 0o700 })
  const ofRoot = ringOf(foreign).ottugi('service', 'install', '--system')
  const refused: Record<string, Ran> = {
    asRootForAUser: run(...install()),
    asAUserForTheSystem: run(...asUser(folder, install('--system'))),
    withoutASession: run(...asUser(folder, install())),
    withoutSystemd: run(...withoutFolder('/run/systemd', install('--system'))),
    homeOfAnother: run(...ofRoot),
    asRoot: run(...install('--system', '--run-as', 'root')),
    badName: run(...install('--system', '--name', '../ottugi')),
  }
  const accounts = readFileSync('/etc/passwd', 'utf8')
  const isUntouched =
    !existsSync(join(folder, '.config')) &&
    !existsSync(ring.paths.home) &&
    !accounts.includes('ottugi:') &&
    readdirSync(foreign).length === 0 &&
    !readdirSync(UNITS).some((name) => name.startsWith('ottugi'))
  return { refused, isUntouched }
}

/** Without D-Bus, twice, for another home, edited by hand, from another place, removed. Nothing is started. */
export async function edits(): Promise<Seen> {
  const folder = newUser()
  must('systemctl', 'start', `user@${UID}.service`)
  const words = (home: string, ...more: string[]) =>
    asUser(folder, ringOf(join(folder, home)).ottugi('service', ...more), RUNTIME)
  const as = (home: string, ...more: string[]) => run(...words(home, ...more))
  const install = (home: string, ...more: string[]) => as(home, 'install', '--no-start', ...more)
  const units = join(folder, '.config', 'systemd', 'user')
  const unit = join(units, 'ottugi.service')
  const withoutBus = run(...withoutFolder('/run/dbus', words('o', 'install', '--no-start')))
  const text = readFileSync(unit, 'utf8')
  const again = install('o')
  const second = install('o', '--name', 'second')
  const ofOther = install('p')
  writeFileSync(join(units, 'mine.service'), '[Service]\nExecStart=/bin/true\n')
  const notOurs = install('p', '--name', 'mine')
  appendFileSync(unit, 'Nice=5\n')
  const edited = { install: install('o'), uninstall: as('o', 'uninstall') }
  const dry = as('o', 'uninstall', '--force', '--dry-run')
  const isKept = readFileSync(unit, 'utf8') === `${text}Nice=5\n`
  const forced = install('o', '--force')
  const isRenewed = readFileSync(unit, 'utf8') === text
  const moved = moveHome(folder, install, as)
  const uninstall = as('q', 'uninstall')
  const left = readdirSync(units, { recursive: true }).toSorted()
  return {
    withoutBus,
    again,
    second,
    ofOther,
    notOurs,
    edited,
    dry,
    isKept,
    forced,
    isRenewed,
    ...moved,
    uninstall,
    left,
  }
}

type Call = (home: string, ...words: string[]) => Ran

/** The home has gone to another place: systemd skips the unit, and says nothing is wrong. */
function moveHome(folder: string, install: Call, as: Call): Seen {
  renameSync(join(folder, 'o'), join(folder, 'q'))
  const systemctl = (...words: string[]) => run(...asUser(folder, ['systemctl', '--user', ...words], RUNTIME))
  const start = systemctl('start', 'ottugi')
  const condition = systemctl('show', 'ottugi', '--property=ConditionResult,ActiveState').out.trim().split('\n')
  const status = as('q', 'status')
  return { start, condition, status, movedInstall: install('q'), movedForced: install('q', '--force') }
}
