/** `ottugi approvals`: what is always allowed is shown to everybody and taken back by a person at a terminal. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { beforeEach, expect, it } from 'vitest'
import { forgetPermission } from '../../src/cli/commands/approvalsAlways.ts'
import { createContext, processIo } from '../../src/cli/context.ts'
import { addAlways, readAlways } from '../../src/shared/approvals/always.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { call, newHome } from './command.ts'

const AT = '2026-03-01T08:00:00.000Z'
let paths: HomePaths

beforeEach(() => {
  paths = newHome()
  mkdirSync(paths.data, { recursive: true, mode: 0o700 })
  addAlways(paths.always, { tool: 'shell', shape: { program: '\u202enpm' }, scope: 'everywhere', session: '' }, AT)
  addAlways(
    paths.always,
    { tool: 'write_file', shape: { folder: '*' }, scope: 'session', session: 's1' },
    AT,
    '2999-01-01T00:00:00.000Z',
  )
})

const ottugi = (words: readonly string[], environment = {}) => call([...words, '--home', paths.home], { environment })

it('shows them, with nothing hidden in them, in both languages', async () => {
  const { code, out, err } = await ottugi(['approvals'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.split('\n')).toEqual([
    'Nothing waits for an answer.',
    'Always allowed:',
    'P1: shell {"program":"\\u{202e}npm"}',
    `  in every session, since ${AT}`,
    'P2: write_file {"folder":"*"}',
    `  only in session s1, since ${AT}, until 2999-01-01T00:00:00.000Z`,
    '',
  ])
  expect((await ottugi(['approvals'], { LANG: 'ko_KR.UTF-8' })).out).toContain('항상 허용:')
  const lines = (await ottugi(['approvals', '--json'])).out.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    readAlways(paths.always, AT).entries.map((entry) => JSON.parse(JSON.stringify({ section: 'always', ...entry }))),
  )
})

it('says where the file is damaged, and shows nothing of it', async () => {
  writeFileSync(paths.always, '[{}]')
  const { code, out, err } = await ottugi(['approvals'])
  expect({ code, out }).toEqual({ code: 0, out: 'Nothing waits for an answer.\n' })
  expect(err).toContain(paths.always)
})

it('takes none back without a terminal', async () => {
  const { code, out, err } = await ottugi(['approvals', 'forget', 'P1'])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain('approvals forget P1')
  expect(readAlways(paths.always, AT).entries).toHaveLength(2)
})

it('takes one back at a terminal', () => {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  const io = { ...processIo(), environment: { LANG: 'C.UTF-8' }, isTerminal: true, out: say, err: say }
  const context = createContext({ home: paths.home }, io)
  expect([forgetPermission(context, 'p1'), forgetPermission(context, 'P1')]).toEqual([0, 1])
  expect(said[0]).toBe('Forgot P1: calls like it are asked again.')
  expect(said[1]).toContain('There is no lasting permission P1.')
  expect(readAlways(paths.always, AT).entries.map(({ id }) => id)).toEqual(['P2'])
})
