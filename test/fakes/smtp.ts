/** A small SMTP server (RFC 5321, AUTH PLAIN) on a real socket, by script; enough for a client to deliver to, or to be refused by. */
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** `no`: refuses the whole message for good; `later`: not now; `hang`: greets and falls silent; `drop`: closes after DATA; `badLogin`: refuses the login. */
export type SmtpScript = 'take' | 'no' | 'later' | 'hang' | 'drop' | 'badLogin'

export type FakeSmtp = {
  readonly port: number
  /** Whole messages with their headers. */
  readonly mails: string[]
  /** Every line of the client. */
  readonly lines: string[]
  readonly setScript: (script: SmtpScript) => void
  readonly close: () => Promise<void>
}

/** Starts it on a free port of the loopback. It offers no STARTTLS. */
export async function startFakeSmtp(): Promise<FakeSmtp> {
  let script: SmtpScript = 'take'
  const mails: string[] = []
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    socket.write('220 fake ESMTP\r\n')
    let data: string[] | undefined
    let rest = ''
    const take = (line: string) => {
      if (data) {
        if (line !== '.') return void data.push(line)
        mails.push(data.join('\n'))
        data = undefined
        return void socket.write('250 2.0.0 taken\r\n')
      }
      lines.push(line)
      const reply = replyTo(line, script)
      if (reply === 'drop') return void socket.destroy()
      if (reply.startsWith('354')) data = []
      if (reply !== '') socket.write(`${reply}\r\n`)
    }
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const whole = (rest + chunk).split('\r\n')
      rest = whole.pop() ?? ''
      for (const line of whole) take(line)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    lines,
    setScript: (next) => {
      script = next
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function replyTo(line: string, script: SmtpScript): string {
  const verb = line.slice(0, 4).toUpperCase()
  if (script === 'hang') return ''
  if (verb === 'EHLO') return '250-fake\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME'
  if (verb === 'AUTH') return script === 'badLogin' ? '535 5.7.8 wrong password hunter2-mail' : '235 2.7.0 welcome'
  if (verb === 'RCPT' && script === 'no') return '550 5.1.1 no such mailbox hunter2-mail'
  if (verb === 'RCPT' && script === 'later') return '451 4.3.0 come back later'
  if (verb === 'DATA') return script === 'drop' ? 'drop' : '354 go on'
  if (verb === 'STAR') return '502 5.5.1 no TLS here'
  return verb === 'QUIT' ? '221 bye' : '250 ok'
}
