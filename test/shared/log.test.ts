/** Logs on the disk: real files, written by the real logger. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLog } from '../../src/shared/log.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

const LIMITS = { level: 'info', maxFileMb: 1, maxFiles: 2 }

function newHome(): HomePaths {
  const home = mkdtempSync(join(tmpdir(), 'ottugi-log-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const paths = homePaths(home)
  mkdirSync(paths.logs)
  mkdirSync(paths.data)
  return paths
}

/** The lines of a log, as soon as there are so many. */
function linesOf(file: string, folder: string, count: number): Promise<Record<string, unknown>[]> {
  return new Promise((resolve) => {
    const look = () => {
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
      if (lines.length < count) return
      watcher.close()
      resolve(lines.map((line) => JSON.parse(line)))
    }
    const watcher = watch(folder, look)
    look()
  })
}

describe('a log', () => {
  it('holds no secret, and every line of it is JSON', async () => {
    const paths = newHome()
    writeFileSync(paths.env, 'FIRST=hunter-number-one\n', { mode: 0o600 })
    const log = openLog(paths, 'agent', LIMITS, { GITHUB_TOKEN: 'hunter-of-the-shell' })
    log.info({ url: 'http://127.0.0.1:7710' }, 'ready')
    log.error({ error: 'Error: 401 for hunter-number-one\n    at ask (/srv/app/x.ts:1:2)' }, 'a route failed')
    log.warn({ reason: 'hunter-of-the-shell', password: 'kept by the logger', count: 3 }, 'x')
    log.warn({ body: '{"token":"abcdefgh123"}', otp: 483_920 }, 'postgres://a:pass9word@db/x')
    await linesOf(paths.logOf('agent'), paths.logs, 4)
    writeFileSync(paths.env, 'FIRST=another-hunter-two\n', { mode: 0o600 })
    log.info('hunter-number-one and another-hunter-two')
    const lines = await linesOf(paths.logOf('agent'), paths.logs, 5)
    expect(lines.map(({ time: _, pid: __, ...rest }) => rest)).toEqual([
      { level: 30, app: 'agent', url: 'http://127.0.0.1:7710', msg: 'ready' },
      {
        level: 50,
        app: 'agent',
        error: 'Error: 401 for [masked:value]\n    at ask (/srv/app/x.ts:1:2)',
        msg: 'a route failed',
      },
      { level: 40, app: 'agent', reason: '[masked:value]', password: '[masked]', count: 3, msg: 'x' },
      {
        level: 40,
        app: 'agent',
        body: '{"token":"[masked:field]"}',
        otp: '[masked]',
        msg: 'postgres://a:[masked:url]@db/x',
      },
      { level: 30, app: 'agent', msg: '[masked:value] and [masked:value]' },
    ])
    expect(statSync(paths.logOf('agent')).mode & 0o777).toBe(0o600)
  })

  it('keeps the order of lines that were written before the mask was there', async () => {
    const paths = newHome()
    mkdirSync(paths.env)
    const log = openLog(paths, 'watchdog', LIMITS)
    for (let turn = 0; turn < 50; turn++) log.info({ turn }, 'a folder in place of .env ends nothing')
    const lines = await linesOf(paths.logOf('watchdog'), paths.logs, 50)
    expect(lines.map(({ turn }) => turn)).toEqual(Array.from({ length: 50 }, (_, turn) => turn))
  })
})
