/**
 * The sender: a child of the watchdog, so that a server that hangs or a package that is broken holds nobody up. One JSON job on standard input,
 * one JSON line on standard output for each result. It reads secrets from `.env` itself and never prints one.
 */
import { EXIT } from '../shared/exitCodes.ts'
import type { SenderJob } from './job.ts'
import { work } from './sender.ts'

process.umask(0o077)
// Without the watchdog nobody would write down what was delivered: it is delivered again then.
process.stdout.on('error', () => process.exit(EXIT.failed))

const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
const job = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SenderJob
await work(job, process.env, (line) => void process.stdout.write(`${JSON.stringify(line)}\n`))
// A connection that a server keeps open must not keep this process.
process.stdout.write('', () => process.exit(EXIT.ok))
