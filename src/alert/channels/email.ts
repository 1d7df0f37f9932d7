import { createHash } from 'node:crypto'
import type { SettingsOf } from '../../shared/config/alertChannels.ts'
import { phrase } from '../../shared/messages/phrase.ts'
import type { Notice } from '../notice.ts'
import { type Channel, DELIVERED, type Delivery, later, refused, withoutSecret } from './channel.ts'
import { codeOf } from './http.ts'

/** Bounds each wait inside a delivery; the deadline of the delivery bounds the whole. */
const WAIT_MS = 15_000

/** Plain text by SMTP, through nodemailer (loaded here: a damaged package must not take the other channels with it). */
export const email: Channel<'email'> = async (notice, settings, { secret, signal }) => {
  const password = settings.passwordVariable === undefined ? undefined : secret(settings.passwordVariable)
  if (settings.passwordVariable !== undefined && password === undefined) return withoutSecret(settings.passwordVariable)
  const nodemailer = await loadNodemailer()
  if (nodemailer === undefined) return later(phrase('notify.why.package'))
  const transport = nodemailer.createTransport(connectionOf(settings, password))
  const stop = () => transport.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await Promise.race([transport.sendMail(mailOf(notice, settings)), aborted(signal)])
    return DELIVERED
  } catch (error) {
    return signal.aborted ? later(phrase('notify.why.timeout')) : verdictOn(error)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

async function loadNodemailer() {
  try {
    return await import('nodemailer')
  } catch {
    return undefined
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function connectionOf({ host, port, tls, user }: SettingsOf<'email'>, password: string | undefined) {
  return {
    host,
    port,
    secure: tls === 'implicit',
    // Never in clear where the owner asked for TLS, also not when the server offers none.
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(user !== undefined && password !== undefined ? { auth: { user, pass: password } } : {}),
    connectionTimeout: WAIT_MS,
    greetingTimeout: WAIT_MS,
    socketTimeout: WAIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** The Message-ID is the key of the message: a server or a reader that sees it twice can drop it. Mails of one thread refer to each other. */
function mailOf(notice: Notice, { from, to }: SettingsOf<'email'>) {
  const { key, thread, title, body, link, severity } = notice
  const references = thread === '-' ? {} : { references: [`<${idOf(thread)}@thread.ottugi>`] }
  return {
    from,
    to: [...to],
    subject: title,
    text: link ? `${body}\n\n${link}\n` : `${body}\n`,
    messageId: `<${idOf(key)}@ottugi>`,
    ...references,
    headers: { 'Auto-Submitted': 'auto-generated', ...(severity === 'critical' ? { Importance: 'high' } : {}) },
  }
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

/** 5xx and a refused login are for good, 4xx and a broken connection may be better later. What the server says stays here: it may name a mailbox or echo a login. */
function verdictOn(error: unknown): Delivery {
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown }
  if (typeof responseCode !== 'number') return code === 'EAUTH' ? refusedBy('EAUTH') : unreachable(error)
  return responseCode >= 500 ? refusedBy(responseCode) : later(phrase('notify.why.smtp', { code: responseCode }))
}

function refusedBy(code: number | string): Delivery {
  return refused(phrase('notify.why.smtp', { code }))
}

function unreachable(error: unknown): Delivery {
  return later(phrase('notify.why.network', { code: codeOf(error) }))
}
