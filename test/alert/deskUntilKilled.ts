/**
 * A watchdog of one alert: raises it, sees it delivered, closes it, sees that delivered; and kills itself (a real SIGKILL) in the middle of the
 * database write with the given number. Started again it goes on like the real one: what it had not noted as done, it does once more.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDesk } from '../../src/alert/desk.ts'
import { monotonicMs } from '../../src/shared/clock.ts'
import { channelList } from '../../src/shared/config/alertChannels.ts'
import { homePaths } from '../../src/shared/paths.ts'
import { incident, NO_ALERTS, openDatabase } from './deskHome.ts'

const { home, killAt } = JSON.parse(process.argv[2] ?? '') as { home: string; killAt: number }
const paths = homePaths(home)
const noted = join(home, 'story')
let story = existsSync(noted) ? readFileSync(noted, 'utf8') : ''
let writes = 0

const db = openDatabase(paths)
db.function('step_done', () => {
  if (writes++ === killAt) process.kill(process.pid, 'SIGKILL')
  return 0
})
for (const table of ['alert_state', 'alert_threads', 'alert_messages']) {
  for (const event of ['INSERT', 'UPDATE']) {
    db.exec(`CREATE TEMP TRIGGER ${table}_${event} AFTER ${event} ON main.${table} BEGIN SELECT step_done(); END`)
  }
}
const desk = createDesk({
  paths,
  db,
  settings: {
    alerts: {
      ...NO_ALERTS,
      holdMs: 0,
      channels: channelList.parse([{ type: 'webhook', name: 'a', urlVariable: 'HOOK' }]),
    },
    supervisor: { passEnv: [] },
  },
  language: 'en',
  environment: { PATH: '/usr/bin:/bin' },
  log: { error: (facts) => void process.stderr.write(`${JSON.stringify(facts)}\n`) },
  now: () => ({ monoMs: monotonicMs(), at: new Date().toISOString() }),
  host: 'box',
  redact: (text) => text,
  journalHead: () => null,
  onSafeMode: () => {},
  random: () => 0,
})

function note(word: string): void {
  writeFileSync(noted, word)
  story = word
}

function isDelivered(kind: string): boolean {
  return db.prepare("SELECT 1 FROM alert_messages WHERE kind = ? AND state = 'delivered'").get(kind) !== undefined
}

if (story === '') {
  desk.raise(incident('I1'), 'x', 'critical')
  note('raised')
}
const timer = setInterval(() => {
  desk.beat(monotonicMs(), Date.now(), false)
  if (story === 'raised' && isDelivered('open')) {
    desk.close({ id: 'I1', closedAt: null })
    note('closed')
  }
  if (!isDelivered('recovery')) return
  clearInterval(timer)
  desk.stop()
  process.stdout.write(String(writes))
}, 10)
