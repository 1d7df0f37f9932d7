import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { closeBenchFolder, openBenchFolder } from '../../scripts/bench/benchFolder.ts'

const before = process.env['TMPDIR']

afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
})

function sleeper(environment: Record<string, string>, words: readonly string[] = []) {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', ...words], { env: environment })
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  return { child, ended, started: new Promise((resolve) => child.once('spawn', resolve)) }
}

describe('the folder of a bench', () => {
  it('ends what carries it, in its environment or command line, and nobody else', async () => {
    const folder = openBenchFolder()
    const own = [sleeper({ OTTUGI_HOME: join(folder, 'home') }), sleeper({}, [join(folder, 'program.cjs')])]
    const stranger = sleeper({ OTTUGI_HOME: `${folder}-of-another` })
    await Promise.all([...own, stranger].map(({ started }) => started))
    await closeBenchFolder(folder)
    expect(await Promise.all(own.map(({ ended }) => ended))).toEqual(['SIGKILL', 'SIGKILL'])
    expect([stranger.child.exitCode, stranger.child.signalCode, existsSync(folder)]).toEqual([null, null, false])
    stranger.child.kill('SIGKILL')
    await stranger.ended
  })
})
