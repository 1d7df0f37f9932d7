/** `ottugi notify` as a process, against real servers. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { appRoot, type HomePaths } from '../../src/shared/paths.ts'
import { startNotificationServer } from '../fakes/notificationServer.ts'
import { startFakeTelegram } from '../fakes/telegram.ts'
import { call, newHome } from './command.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

function homeWith(channels: unknown, secrets: Record<string, string> = {}): HomePaths {
  const paths = newHome()
  mkdirSync(paths.home, { mode: 0o700 })
  writeFileSync(paths.settings, `alerts: ${JSON.stringify({ channels })}\n`, { mode: 0o600 })
  const lines = Object.entries(secrets).map(([name, value]) => `${name}='${value}'\n`)
  writeFileSync(paths.env, lines.join(''), { mode: 0o600 })
  return paths
}

async function server() {
  const started = await startNotificationServer()
  closing.push(started.close)
  return started
}

const CHANNELS = [
  { type: 'webhook', name: 'chat', urlVariable: 'HOOK' },
  { type: 'ntfy', name: 'phone', minSeverity: 'critical', step: 1 },
]

describe('notify list', () => {
  it('shows the channels, and no secret', async () => {
    const paths = homeWith(CHANNELS, { HOOK: 'https://hunter2.example.org/x', NTFY_TOPIC: 'hunter2' })
    const words = await call(['notify', 'list', '--home', paths.home])
    expect(words).toEqual({
      code: 0,
      out: 'chat   webhook  from warning, step 0\nphone  ntfy     from critical, step 1\n',
      err: '',
    })
    const json = await call(['notify', '--json', '--home', paths.home])
    expect(
      json.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).name),
    ).toEqual(['chat', 'phone'])
    expect(words.out + json.out).not.toContain('hunter2')
  })

  it('says where alerts stand when there is no channel', async () => {
    const { code, out } = await call(['notify', '--home', newHome().home])
    expect(code).toBe(0)
    expect(out).toContain('alerts')
  })

  it('refuses settings that cannot be used', async () => {
    const { code, err } = await call(['notify', '--home', homeWith([{ type: 'ntfi', name: 'x' }]).home])
    expect(code).toBe(78)
    expect(err).toContain('alerts.channels')
  })
})

describe('notify test', () => {
  it('sends a real message on each channel, and says what became of each', async () => {
    const web = await server()
    const paths = homeWith(CHANNELS, { HOOK: `${web.url}/hunter2` })
    const { code, out } = await call(['notify', 'test', '--home', paths.home])
    expect(code).toBe(1)
    expect(out).toBe('● chat (webhook): delivered\n▲ phone (ntfy): not delivered: NTFY_TOPIC is not set in .env\n')
    expect(web.requests.map(({ body }) => JSON.parse(body).kind)).toEqual(['test'])
  })

  it('can be asked for one channel, as JSON, in Korean', async () => {
    const web = await server()
    web.setScript({ do: 'answer', status: 403, body: 'hunter2' })
    const paths = homeWith(CHANNELS, { HOOK: `${web.url}/hunter2` })
    const environment = { OTTUGI_LANGUAGE: 'ko' }
    const { code, out } = await call(['notify', 'test', '--channel', 'chat', '--json', '--home', paths.home], {
      environment,
    })
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({
      channel: 'chat',
      type: 'webhook',
      ok: false,
      reason: '서버가 403(으)로 응답했습니다',
    })
    expect(JSON.parse(web.requests[0]?.body ?? '').title).toMatch(/시험 메시지/)
    expect((await call(['notify', 'test', '--channel', 'nobody', '--home', paths.home])).code).toBe(2)
    expect((await call(['notify', 'test', '--home', homeWith([]).home])).code).toBe(1)
  })
})

describe('notify pair telegram', () => {
  it('writes the chat that sends the code into .env, and no other', async () => {
    const bot = await startFakeTelegram('1:hunter2')
    closing.push(bot.close)
    const paths = homeWith([{ type: 'telegram', name: 'chat', server: bot.url }], { TELEGRAM_BOT_TOKEN: '1:hunter2' })
    const words = [join(appRoot, 'src', 'cli', 'main.ts'), 'notify', 'pair', 'telegram', '--home', paths.home]
    const child = spawn(process.execPath, words, {
      env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
      cwd: appRoot,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    closing.push(() => child.kill())
    let out = ''
    const code = await new Promise<number | null>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        out += chunk
        const found = /\/pair (\d{8})\n/.exec(out)?.[1]
        if (found === undefined || out.includes('Paired')) return
        bot.say(13, '/pair 00000000')
        bot.say(13, `pair ${found}`)
        bot.say(42, `/pair ${found}`)
      })
      child.once('exit', resolve)
    })
    expect(code).toBe(0)
    expect(out).toContain('Paired')
    expect(readFileSync(paths.env, 'utf8')).toContain('TELEGRAM_CHAT_ID=42\n')
  })

  it('changes nothing when nobody sends it, or when there is no such channel', async () => {
    const bot = await startFakeTelegram('1:hunter2')
    closing.push(bot.close)
    const wrong = homeWith([{ type: 'telegram', name: 'chat', server: bot.url }], { TELEGRAM_BOT_TOKEN: '1:other' })
    const refused = await call(['notify', 'pair', 'telegram', '--home', wrong.home])
    expect(refused.code).toBe(69)
    expect(refused.err).not.toContain('other')
    expect(readFileSync(wrong.env, 'utf8')).not.toContain('CHAT_ID')
    expect((await call(['notify', 'pair', 'telegram', '--home', homeWith([]).home])).code).toBe(1)
    expect((await call(['notify', 'pair', 'telegram', '--for', 'soon', '--home', wrong.home])).code).toBe(2)
  })
})
