/** One contract for all channels, against real servers and programs. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../../src/alert/channels/channel.ts'
import { wordsFor } from '../../../src/alert/channels/desktop.ts'
import { retryAfterMs } from '../../../src/alert/channels/http.ts'
import { deliverBy } from '../../../src/alert/channels/table.ts'
import { fillTemplate } from '../../../src/alert/channels/webhookFormats.ts'
import type { Notice } from '../../../src/alert/notice.ts'
import { type ChannelSettings, channelList } from '../../../src/shared/config/alertChannels.ts'
import { startNotificationServer } from '../../fakes/notificationServer.ts'
import { startFakeSmtp } from '../../fakes/smtp.ts'
import { startFakeTelegram } from '../../fakes/telegram.ts'

const NOTICE: Notice = {
  key: 'I7.open.1.abc.phone',
  thread: 'I7',
  kind: 'open',
  severity: 'critical',
  title: '오뚝이 on box "needs" you: <the agent> & more',
  body: 'I7, since noon.\nTried: started again ×3.',
  link: 'https://dash.example.org/',
  at: '2026-03-02T12:00:00.000Z',
  hint: 'Answer /ack I7 to acknowledge.',
}
const TOKEN = '123456:hunter2-token'
const SECRETS = ['hunter2', TOKEN, 'hunter2-topic', 'hunter2-mail']

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

function settingsOf(given: Record<string, unknown>): ChannelSettings {
  const [settings] = channelList.parse([{ name: 'phone', ...given }])
  if (!settings) throw new Error('no channel')
  return settings
}

type Given = {
  readonly settings: ChannelSettings
  readonly env: Readonly<Record<string, string>>
  readonly path?: string
}

function deliver({ settings, env, path }: Given, notice = NOTICE, limitMs = 5_000): Promise<Delivery> {
  return deliverBy(settings, notice, {
    secret: (name) => env[name],
    signal: AbortSignal.timeout(limitMs),
    environment: { PATH: path ?? '/usr/bin:/bin' },
  })
}

function without({ env, ...rest }: Given, name: string): Given {
  return { ...rest, env: Object.fromEntries(Object.entries(env).filter(([key]) => key !== name)) }
}

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** One way of setting a channel up so that a certain thing happens to it. */
type Situation = 'well' | 'refuses' | 'notNow' | 'hangs' | 'breaks' | 'unreachable'
type Prepared = { readonly given: Given; readonly said: () => string; readonly secret?: string }
type Subject = { readonly name: string; readonly prepare: (situation: Situation) => Promise<Prepared> }

async function http(situation: Situation) {
  const server = await startNotificationServer()
  closing.push(server.close)
  if (situation === 'refuses') server.setScript({ do: 'answer', status: 403, body: `no: ${TOKEN}` })
  if (situation === 'notNow') server.setScript({ do: 'answer', status: 503, headers: { 'retry-after': '7' } })
  if (situation === 'hangs') server.setScript({ do: 'hang' })
  if (situation === 'breaks') server.setScript({ do: 'close' })
  const url = situation === 'unreachable' ? `http://127.0.0.1:${await deadPort()}` : server.url
  return { url, said: () => server.requests.map(({ body }) => body).join('\n') }
}

function webhookSubject(format: string, more: Record<string, unknown> = {}): Subject {
  return {
    name: `webhook ${format}`,
    prepare: async (situation) => {
      const { url, said } = await http(situation)
      const settings = settingsOf({ type: 'webhook', urlVariable: 'HOOK_URL', format, ...more })
      return { given: { settings, env: { HOOK_URL: `${url}/hook/hunter2` } }, said, secret: 'HOOK_URL' }
    },
  }
}

const PROGRAM: Readonly<Record<Situation, string>> = {
  well: '',
  refuses: '',
  notNow: 'process.exit(75)',
  hangs: 'setInterval(() => {}, 1000)',
  breaks: 'process.kill(process.pid, "SIGKILL")',
  unreachable: 'process.exit(1)',
}

function program(name: string, situation: Situation): { folder: string; file: string; out: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-channel-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, name)
  const out = join(folder, 'out.json')
  const script = `#!${process.execPath}
const fs = require('node:fs')
const alert = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('OTTUGI_')))
fs.writeFileSync(${JSON.stringify(out)}, JSON.stringify({ args: process.argv.slice(2), input: fs.readFileSync(0, 'utf8'), alert }))
${PROGRAM[situation]}
`
  if (situation !== 'refuses') writeFileSync(file, script)
  if (situation !== 'refuses') chmodSync(file, 0o755)
  return { folder, file, out }
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'ntfy',
    prepare: async (situation) => {
      const { url, said } = await http(situation)
      const settings = settingsOf({ type: 'ntfy', server: url, tokenVariable: 'NTFY_TOKEN' })
      return {
        given: { settings, env: { NTFY_TOPIC: 'hunter2-topic', NTFY_TOKEN: TOKEN } },
        said,
        secret: 'NTFY_TOPIC',
      }
    },
  },
  {
    name: 'telegram',
    prepare: async (situation) => {
      const { url, said } = await http(situation)
      const settings = settingsOf({ type: 'telegram', server: url })
      const env = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_CHAT_ID: '42' }
      return { given: { settings, env }, said, secret: 'TELEGRAM_CHAT_ID' }
    },
  },
  {
    name: 'email',
    prepare: async (situation) => {
      const server = await startFakeSmtp()
      closing.push(server.close)
      const scripts = {
        well: 'take',
        refuses: 'no',
        notNow: 'later',
        hangs: 'hang',
        breaks: 'drop',
        unreachable: 'take',
      } as const
      server.setScript(scripts[situation])
      const port = situation === 'unreachable' ? await deadPort() : server.port
      const settings = settingsOf({
        type: 'email',
        host: '127.0.0.1',
        port,
        tls: 'none',
        user: 'ottugi',
        passwordVariable: 'MAIL_PASSWORD',
        from: 'Ottugi <ottugi@example.org>',
        to: ['owner@example.org', 'other@example.org'],
      })
      const env = { MAIL_PASSWORD: 'hunter2-mail' }
      return { given: { settings, env }, said: () => server.mails.join('\n'), secret: 'MAIL_PASSWORD' }
    },
  },
  ...['generic', 'slack', 'discord', 'teams', 'gotify', 'healthchecks'].map((format) => webhookSubject(format)),
  webhookSubject('template', { template: '{"t": "{title}", "b": "{body}", "k": "{key}", "other": "{nothing}"}' }),
  {
    name: 'exec',
    prepare: async (situation) => {
      const { file, out } = program('tell', situation)
      const given = { settings: settingsOf({ type: 'exec', command: [file, 'a b', '$(reboot)'] }), env: {} }
      return { given, said: () => (existsSync(out) ? readFileSync(out, 'utf8') : '') }
    },
  },
  {
    name: 'desktop',
    prepare: async (situation) => {
      const { folder, out } = program(process.platform === 'darwin' ? 'osascript' : 'notify-send', situation)
      const given = { settings: settingsOf({ type: 'desktop' }), env: {}, path: folder }
      return { given, said: () => (existsSync(out) ? readFileSync(out, 'utf8') : '') }
    },
  },
]

describe.each(SUBJECTS)('$name', ({ prepare }) => {
  it('delivers what broke and what was tried', async () => {
    const { given, said } = await prepare('well')
    expect(await deliver(given)).toEqual({ ok: true })
    const decoded = said().replaceAll(/\\u([0-9a-f]{4})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    expect(decoded).toMatch(/needs|box/)
    expect(decoded).toContain('started again')
  })

  it.each(['refuses', 'notNow', 'hangs', 'breaks', 'unreachable'] as const)(
    'says what it is when the other side %s',
    async (situation) => {
      const { given } = await prepare(situation)
      const delivery = await deliver(given, NOTICE, situation === 'hangs' ? 300 : 5_000)
      expect(delivery).toMatchObject({ ok: false, kind: situation === 'refuses' ? 'permanent' : 'retry' })
      if (situation === 'hangs' && !delivery.ok) expect(delivery.reason.key).toBe('notify.why.timeout')
      for (const secret of SECRETS) expect(JSON.stringify(delivery)).not.toContain(secret)
    },
  )

  it('says which secret is missing, by its name', async () => {
    const { given, secret } = await prepare('well')
    if (secret === undefined) return
    expect(await deliver(without(given, secret))).toEqual({
      ok: false,
      kind: 'permanent',
      reason: { key: 'notify.why.secret', params: { name: secret } },
    })
  })
})

describe('a server', () => {
  const hook = (url: string): Given => ({
    settings: settingsOf({ type: 'webhook', urlVariable: 'HOOK', tokenVariable: 'HOOK_TOKEN' }),
    env: { HOOK: `${url}/hook`, HOOK_TOKEN: TOKEN },
  })

  it('that sends us to another host gets nothing to pass on; on its own host it is followed', async () => {
    const stranger = await startNotificationServer()
    const server = await startNotificationServer()
    closing.push(stranger.close, server.close)
    server.setScript({ do: 'answer', status: 307, headers: { location: `${stranger.url}/take` } })
    expect(await deliver(hook(server.url))).toMatchObject({
      ok: false,
      kind: 'permanent',
      reason: { key: 'notify.why.redirect' },
    })
    expect(stranger.requests).toEqual([])
    server.setScript(({ path }) =>
      path === '/hook' ? { do: 'answer', status: 308, headers: { location: '/new' } } : { do: 'answer', status: 200 },
    )
    expect(await deliver(hook(server.url))).toEqual({ ok: true })
    server.setScript({ do: 'answer', status: 307, headers: { location: '/hook' } })
    expect(await deliver(hook(server.url))).toMatchObject({ ok: false, kind: 'permanent' })
  })

  it('that took it has taken it, whatever becomes of its answer', async () => {
    const server = await startNotificationServer()
    closing.push(server.close)
    // No deadline here: an answer without an end must not be read to its end.
    const tools = {
      secret: (name: string) => hook(server.url).env[name],
      signal: new AbortController().signal,
      environment: {},
    }
    for (const script of ['closeMidAnswer', 'endless'] as const) {
      server.setScript({ do: script })
      expect(await deliverBy(hook(server.url).settings, NOTICE, tools)).toEqual({ ok: true })
    }
    expect(server.requests[0]?.headers).toMatchObject({
      'idempotency-key': NOTICE.key,
      authorization: `Bearer ${TOKEN}`,
    })
  })

  it.each([
    [408, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [400, 'permanent'],
    [401, 'permanent'],
    [404, 'permanent'],
    [302, 'permanent'],
  ] as const)('that answers %i means: %s', async (status, kind) => {
    const server = await startNotificationServer()
    closing.push(server.close)
    server.setScript({ do: 'answer', status, headers: { 'retry-after': '120' } })
    const delivery = await deliver(hook(server.url))
    expect(delivery).toMatchObject({ ok: false, kind, reason: { key: 'notify.why.http', params: { status } } })
    if (kind === 'retry') expect(delivery).toMatchObject({ retryAfterMs: 120_000 })
  })

  it('may name a time or a number of seconds', () => {
    const wall = Date.parse('2026-03-02T12:00:00Z')
    expect(retryAfterMs('Mon, 02 Mar 2026 12:01:00 GMT', wall)).toBe(60_000)
    expect(retryAfterMs('1.5', wall)).toBe(1_500)
    expect(retryAfterMs('99999999', wall)).toBe(86_400_000)
    expect(retryAfterMs('-5', wall)).toBeGreaterThanOrEqual(0)
    for (const nothing of [null, '', 'soon']) expect(retryAfterMs(nothing, wall)).toBeUndefined()
  })
})

describe('what each of them gets', () => {
  it('ntfy: title, priority, tag and link as JSON, the token in a header', async () => {
    const server = await startNotificationServer()
    closing.push(server.close)
    const settings = settingsOf({ type: 'ntfy', server: server.url, tokenVariable: 'T' })
    await deliver({ settings, env: { NTFY_TOPIC: 'hunter2-topic', T: TOKEN } })
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`)
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      topic: 'hunter2-topic',
      title: NOTICE.title,
      message: NOTICE.body,
      priority: 5,
      tags: ['rotating_light'],
      click: NOTICE.link,
    })
  })

  it('Telegram: plain text to the paired chat, with how to answer; it may ask for patience', async () => {
    const bot = await startFakeTelegram(TOKEN)
    closing.push(bot.close)
    const settings = settingsOf({ type: 'telegram', server: bot.url })
    const given = { settings, env: { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_CHAT_ID: '42' } }
    await deliver(given)
    expect(bot.sent).toMatchObject([{ chat_id: '42', text: expect.stringContaining('Answer /ack I7') }])
    bot.setAnswer(429, { ok: false, error_code: 429, parameters: { retry_after: 33 } })
    expect(await deliver(given)).toMatchObject({ ok: false, kind: 'retry', retryAfterMs: 33_000 })
    bot.setAnswer(200, { ok: false, error_code: 400, description: TOKEN })
    expect(await deliver(given)).toMatchObject({ ok: false, kind: 'permanent' })
    const evil = { settings, env: { TELEGRAM_BOT_TOKEN: '1/../2', TELEGRAM_CHAT_ID: '42' } }
    expect(await deliver(evil)).toMatchObject({ ok: false, kind: 'permanent' })
  })

  it('e-mail: an id of its own for a message and one for its thread, to everybody; and no word in clear where TLS was asked for', async () => {
    const server = await startFakeSmtp()
    closing.push(server.close)
    const base = {
      type: 'email',
      host: '127.0.0.1',
      port: server.port,
      from: 'a@example.org',
      to: ['b@example.org', 'c@example.org'],
    }
    await deliver({ settings: settingsOf({ ...base, tls: 'none' }), env: {} })
    await deliver({ settings: settingsOf({ ...base, tls: 'none' }), env: {} })
    const [first, second] = server.mails
    expect(first).toMatch(/^Message-ID: <[0-9a-f]{32}@ottugi>$/m)
    expect(/^Message-ID: .*$/m.exec(first ?? '')?.[0]).toBe(/^Message-ID: .*$/m.exec(second ?? '')?.[0])
    expect(first).toMatch(/^References: <[0-9a-f]{32}@thread.ottugi>$/m)
    expect(server.lines.filter((line) => line.startsWith('RCPT'))).toHaveLength(4)
    const inClear = {
      settings: settingsOf({ ...base, tls: 'starttls', user: 'u', passwordVariable: 'P' }),
      env: { P: 'hunter2-mail' },
    }
    expect(await deliver(inClear)).toMatchObject({ ok: false })
    expect(server.mails).toHaveLength(2)
    expect(server.lines.some((line) => line.startsWith('AUTH'))).toBe(false)
  })

  it('a refused login is for good', async () => {
    const server = await startFakeSmtp()
    closing.push(server.close)
    server.setScript('badLogin')
    const settings = settingsOf({
      type: 'email',
      host: '127.0.0.1',
      port: server.port,
      tls: 'none',
      user: 'u',
      passwordVariable: 'P',
      from: 'a@example.org',
      to: ['b@example.org'],
    })
    const delivery = await deliver({ settings, env: { P: 'hunter2-mail' } })
    expect(delivery).toMatchObject({ ok: false, kind: 'permanent', reason: { key: 'notify.why.smtp' } })
    expect(JSON.stringify(delivery)).not.toContain('hunter2')
  })

  it('Slack: no markup of ours, and Discord: nobody mentioned', async () => {
    const server = await startNotificationServer()
    closing.push(server.close)
    for (const format of ['slack', 'discord', 'gotify']) {
      const settings = settingsOf({
        type: 'webhook',
        urlVariable: 'U',
        format,
        ...(format === 'gotify' && { tokenVariable: 'T' }),
      })
      await deliver({ settings, env: { U: server.url, T: TOKEN } })
    }
    const [slack, discord, gotify] = server.requests.map(({ body }) => JSON.parse(body))
    expect(slack.text).toContain('&lt;the agent&gt; &amp; more')
    expect(discord.allowed_mentions).toEqual({ parse: [] })
    expect(gotify).toMatchObject({ title: NOTICE.title, priority: 8 })
    expect(server.requests[2]?.headers['x-gotify-key']).toBe(TOKEN)
  })

  it('healthchecks: /fail while it is open, the address itself when it is over', async () => {
    const server = await startNotificationServer()
    closing.push(server.close)
    const given = {
      settings: settingsOf({ type: 'webhook', urlVariable: 'U', format: 'healthchecks' }),
      env: { U: `${server.url}/uuid` },
    }
    await deliver(given)
    await deliver(given, { ...NOTICE, kind: 'recovery' })
    expect(server.requests.map(({ path }) => path)).toEqual(['/uuid/fail', '/uuid'])
  })

  it('a template: each value escaped, unknown names left, and no JSON is a refusal', async () => {
    expect(JSON.parse(fillTemplate('{"a":"{title}","b":"{x}","c":"{link}"}', { ...NOTICE, link: null }) ?? '')).toEqual(
      {
        a: NOTICE.title,
        b: '{x}',
        c: '',
      },
    )
    expect(fillTemplate('{"a": {title}}', NOTICE)).toBeUndefined()
    const server = await startNotificationServer()
    closing.push(server.close)
    const settings = settingsOf({ type: 'webhook', urlVariable: 'U', format: 'template', template: '{"a": {title}}' })
    expect(await deliver({ settings, env: { U: server.url } })).toMatchObject({
      kind: 'permanent',
      reason: { key: 'notify.why.template' },
    })
    expect(await deliver({ settings, env: { U: 'ftp://x' } })).toMatchObject({
      kind: 'permanent',
      reason: { key: 'notify.why.address' },
    })
  })

  it('a program: its arguments as words, the message on its input, the parts as variables', async () => {
    const { file, out } = program('tell', 'well')
    await deliver({ settings: settingsOf({ type: 'exec', command: [file, 'a b', '$(reboot)'] }), env: {} })
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({
      args: ['a b', '$(reboot)'],
      input: `${NOTICE.title}\n\n${NOTICE.body}\n\n${NOTICE.link}\n`,
      alert: {
        OTTUGI_ALERT_KEY: NOTICE.key,
        OTTUGI_ALERT_ID: 'I7',
        OTTUGI_ALERT_KIND: 'open',
        OTTUGI_ALERT_SEVERITY: 'critical',
        OTTUGI_ALERT_TITLE: NOTICE.title,
        OTTUGI_ALERT_BODY: NOTICE.body,
        OTTUGI_ALERT_LINK: NOTICE.link,
        OTTUGI_ALERT_AT: NOTICE.at,
      },
    })
  })

  it('the desktop: title and text are arguments, on Linux and on a Mac', () => {
    expect(wordsFor(NOTICE, 'linux')).toEqual([
      'notify-send',
      '-a',
      'Ottugi',
      '-u',
      'critical',
      '--',
      NOTICE.title,
      NOTICE.body,
    ])
    const mac = wordsFor(NOTICE, 'darwin')
    expect(mac.slice(-2)).toEqual([NOTICE.title, NOTICE.body])
    expect(mac.slice(0, -2).join(' ')).not.toContain('needs')
  })
})
