import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { laterGates } from '../../src/agent/laterGates.ts'
import { settingsSchema } from '../../src/shared/config/schema.ts'
import { openLog } from '../../src/shared/log.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

let paths: HomePaths
beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-gates-')))
  mkdirSync(paths.data)
})
afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

function open() {
  const settings = settingsSchema.parse({})
  return laterGates({
    ...{ paths, settings, log: openLog(paths, 'agent', settings.logs, {}) },
    unhurried: (work) => work(),
  })
}

const call = (command: string) => ({ tool: 'shell', input: { command }, session: 's', attended: true })

it('denies until the rules are held to their examples, and judges then', async () => {
  const gates = open()
  expect(gates.judge(call('ls')).verdict).toBe('deny')
  await gates.ready()
  expect([gates.judge(call('ls')).verdict, gates.areClosed()]).toEqual(['allow', false])
})

it('keeps a lasting yes that comes before', async () => {
  const gates = open()
  gates.allowAlways(call('make all'), 'everywhere')
  await gates.ready()
  expect(gates.judge(call('make all'))).toMatchObject({ verdict: 'allow', rule: 'always' })
})
