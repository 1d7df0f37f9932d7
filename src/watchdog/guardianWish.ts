/** A person's wish that the guardian carries out as a short command of its own: the watchdog goes on beating meanwhile. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { childEnvironment } from '../shared/childEnvironment.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import { lastJsonLine } from './childJob.ts'

/** What came of it; `reason` is the guardian's own sentence. */
export type WishResult = { readonly ok: true } | { readonly ok: false; readonly reason: string }

const LIMIT_MS = 30_000
const MAX_OUTPUT = 64 * 1_024

/** Runs `guardian <words>`; `told` is called once. */
export function askGuardian(
  { paths, environment }: { readonly paths: HomePaths; readonly environment: NodeJS.ProcessEnv },
  words: readonly string[],
  told: (result: WishResult) => void,
): void {
  const script = join(appRoot, 'src', 'guardian', 'main.ts')
  const child = spawn(process.execPath, [script, ...words, '--home', paths.home], {
    env: childEnvironment(paths.home, environment),
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  let output = ''
  let isTold = false
  const tell = (result: WishResult) => {
    if (!isTold) told(result)
    isTold = true
  }
  child.stdout.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT)
  })
  child.on('error', (error) => tell({ ok: false, reason: error.message }))
  child.on('close', (code) => tell(code === 0 ? { ok: true } : { ok: false, reason: reasonIn(output, code) }))
}

function reasonIn(output: string, code: number | null): string {
  const said = lastJsonLine(output) as { reason?: unknown } | null | undefined
  return typeof said?.reason === 'string' ? said.reason : `the guardian ended with ${code ?? 'a signal'}`
}
