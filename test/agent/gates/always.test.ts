/** Lasting permissions: a yes to calls of one shape, in one session or everywhere, and to nothing else. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withMode } from '../../../src/agent/gates/createGates.ts'
import { fileAlways } from '../../../src/agent/gates/fileAlways.ts'
import { addAlways, forgetAlways, readAlways } from '../../../src/shared/approvals/always.ts'
import { build, called, shell } from './build.ts'

const AT = '2026-03-01T08:00:00.000Z'
const NOW = () => ({ at: AT, monoMs: 0 })
let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-always-'))
  path = join(folder, 'always.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const gatesNow = () => build({}, { always: fileAlways(path, NOW) })
const verdicts = (commands: readonly string[]) => commands.map((command) => gatesNow().judge(shell(command)).verdict)

it('is kept, and read by gates that are built later', () => {
  gatesNow().allowAlways(shell('npm test'), 'everywhere')
  expect(gatesNow().judge(shell('npm test', { session: 's2', attended: false }))).toEqual({
    verdict: 'allow',
    rule: 'always',
    reason: 'You always allow calls like this one.',
    plan: 'shell: npm test',
  })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readAlways(path, AT)).toMatchObject({
    isDamaged: false,
    entries: [
      {
        id: 'P1',
        tool: 'shell',
        scope: 'everywhere',
        session: '',
        since: AT,
        shape: { commands: [{ program: 'npm', words: ['test'], isPiped: false }] },
      },
    ],
  })
})

it('holds for its session only, where it was said so', () => {
  gatesNow().allowAlways(shell('npm test', { session: 's1' }), 'session')
  expect(gatesNow().judge(shell('npm test', { session: 's1' })).verdict).toBe('allow')
  expect(gatesNow().judge(shell('npm test', { session: 's2' })).verdict).toBe('ask')
  expect(gatesNow().judge(shell('npm test', { session: '' })).verdict).toBe('ask')
})

it('is no yes to another call', () => {
  gatesNow().allowAlways(shell('npm test'), 'everywhere')
  expect(verdicts(['npm test', '/usr/bin/npm test', 'timeout 60 npm test', "n''pm test"])).toEqual([
    'allow',
    'allow',
    'allow',
    'allow',
  ])
  const others = [
    'npm test -- --update',
    'npm test --foo',
    'npm',
    'npm test test',
    'npm install',
    'npx test',
    'npm test; npm test',
    'npm test > out',
    'npm test &',
    'A=1 npm test',
    'ls | npm test',
    'npm $X',
  ]
  expect(verdicts(others)).toEqual(others.map(() => 'ask'))
  expect(verdicts(['npm test; sudo ls', 'PATH=. npm test', './npm test; rm -rf /'])).toEqual(['deny', 'deny', 'deny'])
  expect(gatesNow().judge(called('run_python', { command: 'npm test' })).verdict).toBe('ask')
})

it('takes any path of the workspace where a program only changes files, with the same options', () => {
  gatesNow().allowAlways(shell('rm -f build/a.o'), 'everywhere')
  expect(verdicts(['rm -f build/a.o', 'rm -f b', 'rm -f b c'])).toEqual(['allow', 'allow', 'allow'])
  expect(verdicts(['rm -rf b', 'rm b', 'rm -f -v b', 'rm -f credentials.json'])).toEqual(['ask', 'ask', 'ask', 'ask'])
  expect(verdicts(['rm -f /etc/x', 'rm -f ../x', 'rm -f .', 'rm -f $X', 'rm -f .env', 'rm -f .git/config'])).toEqual(
    Array(6).fill('deny'),
  )
})

it('takes the folder of a file, the host of a page, and else exactly this call', () => {
  gatesNow().allowAlways(called('write_file', { path: 'notes/a.md', content: 'x' }), 'everywhere')
  gatesNow().allowAlways(called('http_fetch', { url: 'https://example.org/a' }), 'everywhere')
  gatesNow().allowAlways(
    called('http_fetch', { url: 'https://example.org/a', method: 'POST', body: 'x' }),
    'everywhere',
  )
  gatesNow().allowAlways(called('run_python', { code: 'print(1)' }), 'everywhere')
  const write = (file: string) => gatesNow().judge(called('write_file', { path: file })).verdict
  expect(
    [
      'notes/b.md',
      'notes/../notes/c.md',
      'notes/sub/d.md',
      'a.md',
      'notes/../x.md',
      'notes/passwords',
      'notes/.env',
    ].map(write),
  ).toEqual(['allow', 'allow', 'ask', 'ask', 'ask', 'ask', 'deny'])
  expect(gatesNow().judge(called('edit_file', { path: 'notes/b.md' })).verdict).toBe('ask')
  const web = (input: unknown) => gatesNow().judge(called('http_fetch', input)).verdict
  expect(web({ url: 'https://example.org/b' })).toBe('allow')
  expect(web({ url: 'https://example.org.evil.example/b' })).toBe('ask')
  expect(web({ url: 'https://example.org/a', method: 'POST', body: 'x' })).toBe('allow')
  expect(web({ url: 'https://example.org/a', method: 'POST', body: 'y' })).toBe('ask')
  const python = (code: string) => gatesNow().judge(called('run_python', { code })).verdict
  expect([python('print(1)'), python('print(2)')]).toEqual(['allow', 'ask'])
})

it('never keeps, and never is, a yes to what is refused', () => {
  gatesNow().allowAlways(shell('sudo ls'), 'everywhere')
  gatesNow().allowAlways(called('read_file', { path: '.env' }), 'everywhere')
  gatesNow().allowAlways(shell('ls'), 'everywhere')
  expect(existsSync(path)).toBe(false)
  gatesNow().allowAlways(shell('touch a'), 'everywhere')
  const { entries } = readAlways(path, AT)
  expect(withMode(gatesNow(), 'read-only').judge(shell('touch a')).verdict).toBe('deny')
  const strict = build(
    { rules: [{ tool: 'shell', match: 'touch *', verdict: 'deny', reason: 'no' }] },
    { always: fileAlways(path, NOW) },
  )
  expect(strict.judge(shell('touch a')).verdict).toBe('deny')
  const forged = entries.map((entry) => ({ ...entry, shape: { input: { command: 'sudo ls' } } }))
  writeFileSync(path, JSON.stringify(forged))
  expect(gatesNow().judge(shell('sudo ls')).verdict).toBe('deny')
})

describe('a file that is not as it was written', () => {
  beforeEach(() => gatesNow().allowAlways(shell('npm test'), 'session'))
  const stays = () =>
    expect({ verdict: gatesNow().judge(shell('npm test')).verdict, isDamaged: readAlways(path, AT).isDamaged }).toEqual(
      { verdict: 'ask', isDamaged: true },
    )
  const edit = (change: (entry: Record<string, unknown>) => unknown) => {
    const [entry] = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify([change(entry)]))
  }

  it.each([
    ['another scope', (entry: object) => ({ ...entry, scope: 'everywhere', session: '' })],
    ['another session', (entry: object) => ({ ...entry, session: 's2' })],
    ['another tool', (entry: object) => ({ ...entry, tool: 'run_python' })],
    ['another shape', (entry: object) => ({ ...entry, shape: { commands: [] } })],
    ['another time', (entry: object) => ({ ...entry, until: '2999-01-01T00:00:00.000Z' })],
    ['no digest', (entry: object) => ({ ...entry, digest: '' })],
    ['a strange id', (entry: object) => ({ ...entry, id: '../P1' })],
    ['no entry', () => null],
  ])('allows nothing: %s', (_name, change) => {
    edit(change)
    stays()
  })

  it.each(['', '{', 'null', '{}', '7', `[${' '.repeat(70_000)}]`])('allows nothing: the text %j', (text) => {
    writeFileSync(path, text)
    stays()
  })

  it('allows nothing while others may write it, or when it is a link or a folder', () => {
    chmodSync(path, 0o622)
    stays()
    chmodSync(path, 0o600)
    expect(gatesNow().judge(shell('npm test')).verdict).toBe('allow')
    renameSync(path, `${path}.real`)
    symlinkSync(`${path}.real`, path)
    stays()
  })

  it('allows nothing twice', () => {
    const [entry] = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify([entry, entry]))
    stays()
  })
})

it('ends at its time, and when it is taken back', () => {
  const permission = {
    tool: 'shell',
    shape: { commands: [{ program: 'npm', words: ['test'], isPiped: false }] },
    scope: 'everywhere',
    session: '',
  } as const
  addAlways(path, permission, AT, '2026-03-01T09:00:00.000Z')
  expect(readAlways(path, AT).entries).toHaveLength(1)
  expect(readAlways(path, '2026-03-01T09:00:00.000Z').entries).toEqual([])
  expect(gatesNow().judge(shell('npm test')).verdict).toBe('allow')
  expect([forgetAlways(path, 'P9', AT), forgetAlways(path, 'p1', AT), forgetAlways(path, 'P1', AT)]).toEqual([
    false,
    true,
    false,
  ])
  expect(gatesNow().judge(shell('npm test')).verdict).toBe('ask')
})

it('is kept once, stays a small file, and takes no shape that nobody can read', () => {
  for (let n = 0; n < 100; n++) gatesNow().allowAlways(shell(`npm run x${n % 80} ${'y'.repeat(600)}`), 'everywhere')
  gatesNow().allowAlways(called('run_python', { code: 'x'.repeat(5_000) }), 'everywhere')
  expect(readAlways(path, AT)).toMatchObject({ isDamaged: false })
  expect(readAlways(path, AT).entries).toHaveLength(60)
  expect(statSync(path).size).toBeLessThan(64 * 1_024)
})
