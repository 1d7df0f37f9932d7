import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { openAlerts } from '../../src/alert/alertFile.ts'
import { homePaths } from '../../src/shared/paths.ts'
import { startNotificationServer } from '../fakes/notificationServer.ts'
import { openDatabase } from './deskHome.ts'

const closing: (() => unknown)[] = []
const compiled = mkdtempSync(join(tmpdir(), 'ottugi-kill-'))
afterAll(() => rmSync(compiled, { recursive: true, force: true }))
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function stage() {
  const paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-kill-')))
  const web = await startNotificationServer()
  closing.push(web.close, () => rmSync(paths.home, { recursive: true, force: true }))
  mkdirSync(paths.data)
  writeFileSync(paths.env, `HOOK=${web.url}/\n`)
  // All lives of this file share what they compiled.
  symlinkSync(compiled, join(paths.data, 'compile-cache'))
  return { paths, web }
}

async function live(home: string, killAt: number): Promise<{ signal: unknown; out: string }> {
  const words = [join(import.meta.dirname, 'deskUntilKilled.ts'), JSON.stringify({ home, killAt })]
  const env = { NODE_COMPILE_CACHE: compiled }
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk
  })
  const [, signal] = await once(child, 'close')
  return { signal, out }
}

async function killedAt(killAt: number) {
  const { paths, web } = await stage()
  const { signal } = await live(paths.home, killAt)
  await live(paths.home, -1)
  const db = openDatabase(paths)
  const states = db.prepare<[], { state: string }>('SELECT state FROM alert_messages ORDER BY seq').all()
  db.close()
  const keys = web.requests.map(({ body }) => JSON.parse(body).key as string)
  const once = keys.filter((key, index) => key !== keys[index - 1])
  return {
    signal,
    kinds: once.map((key) => key.split('.')[1]),
    repeats: keys.length - once.length,
    states: states.map(({ state }) => state),
    open: openAlerts(paths),
  }
}

describe('a watchdog that is killed in the middle of any write', () => {
  it('tells both its alert and its end, in order; at most the message on its way comes twice, with the same key', async () => {
    const { paths } = await stage()
    const whole = Number((await live(paths.home, -1)).out)
    expect(whole).toBeGreaterThan(8)
    const results: Awaited<ReturnType<typeof killedAt>>[] = []
    const steps = Array.from({ length: whole }, (_, step) => step)
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let step = steps.shift(); step !== undefined; step = steps.shift()) results.push(await killedAt(step))
      }),
    )
    for (const { repeats, ...result } of results) {
      expect(result).toEqual({
        signal: 'SIGKILL',
        kinds: ['open', 'recovery'],
        states: ['delivered', 'delivered'],
        open: [],
      })
      expect(repeats).toBeLessThanOrEqual(1)
    }
    expect(results).toHaveLength(whole)
  })
})
