/**
 * What a unit may not do, asked from inside it: by a line of its own before the start, which has the same filter, mounts and user as all of it. Each
 * thing is open to that user without the unit (the same questions asked outside say so): it is the unit that refuses.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must, run } from './inside.ts'
import { asOwner } from './stage.ts'

/** Answers by question: `done`, or what the kernel said. */
type Answers = Readonly<Record<string, string>>

/** What was answered inside the unit, and what outside of it. */
type Probed = { readonly inside: Answers; readonly outside: Answers }

const DROP_IN = '/etc/systemd/system/ottugi.service.d'
const PLACE = '/usr/lib/ottugi-probe'
const SCRIPT = join(PLACE, 'ask.sh')
/** Folders that everybody may write to, so that nothing but the unit stands in the way. `home` is below another user's. */
const FOLDERS = { usr: PLACE, etc: '/etc/ottugi-probe', state: '/var/lib/neighbour', home: '/home/neighbour/open' }

/** One who asks: `prepare` before the first start of the unit that serves this home, `answers` after it. */
export function unitProbe(home: string) {
  return { prepare: () => prepare(home), answers: () => readAnswers(home) }
}

function prepare(home: string): void {
  for (const folder of Object.values(FOLDERS)) {
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o777)
  }
  writeFileSync(SCRIPT, questions(home))
  mkdirSync(DROP_IN)
  writeFileSync(join(DROP_IN, 'probe.conf'), `[Service]\nExecStartPre=/bin/sh ${SCRIPT} ${home}/inside\n`)
  must('systemctl', 'daemon-reload')
}

function readAnswers(home: string): Probed {
  rmSync(DROP_IN, { recursive: true })
  must('systemctl', 'daemon-reload')
  run(...asOwner(['/bin/sh', SCRIPT, join(home, 'outside')]))
  return { inside: answersIn(join(home, 'inside')), outside: answersIn(join(home, 'outside')) }
}

function questions(home: string): string {
  const writes = Object.entries({ ...FOLDERS, own: home }).map(([name, folder]) => [name, `touch ${folder}/made`])
  const spaces = ['user', 'cgroup', 'time'].map((kind) => [kind, `unshare --user --${kind} true`])
  const asked = [...writes, ...spaces].map(([name, command]) => `ask ${name} ${command}`)
  return `exec >"$1"
ask() {
  name=$1
  shift
  if said=$("$@" 2>&1); then said=done; fi
  echo "$name=\${said##*: }"
}
${asked.join('\n')}
`
}

function answersIn(path: string): Answers {
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return Object.fromEntries(lines.map((line) => line.split('=', 2)))
}
