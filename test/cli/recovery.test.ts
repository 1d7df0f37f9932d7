/** `ottugi recovery`: what was learned, what would be judged, and whether the journal is whole. */
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { changeRule, releaseParked } from '../../src/cli/commands/recovery.ts'
import { createContext, processIo } from '../../src/cli/context.ts'
import { type LearnedRule, NOTHING_LEARNED } from '../../src/recovery/learned.ts'
import { changeLearned, readLearned } from '../../src/recovery/learnedFile.ts'
import { boundOf } from '../../src/recovery/remember.ts'
import { appendStep } from '../../src/repair/journal.ts'
import { readParked, withParked, writeParked } from '../../src/shared/parked.ts'
import { appRoot, type HomePaths } from '../../src/shared/paths.ts'
import { temporaryHome, treeOf } from '../repair/support.ts'
import { call } from './command.ts'

let paths: HomePaths
beforeEach(() => {
  paths = temporaryHome()
  chmodSync(paths.home, 0o700)
})

const ottugi = (words: readonly string[]) => call(['recovery', ...words, '--home', paths.home])

function rule(id: string, changes: Partial<LearnedRule> = {}): LearnedRule {
  const bound = boundOf(appRoot, 'make_dir')
  if (!bound) throw new Error('no such action')
  const key = { signature: 'missing-file-abc', probe: '0123456789abcdef', action: 'make_dir', args: { folder: 'logs' } }
  return {
    id,
    ...key,
    ...bound,
    state: 'proposed',
    incidents: ['I1', 'I2', 'I3'],
    changedAt: '2026-11-20T00:00:00.000Z',
    note: 'healed 3 incidents',
    ...changes,
  }
}

const learn = (...rules: LearnedRule[]) =>
  changeLearned(paths, () => ({ ok: true, learned: { ...NOTHING_LEARNED, rules, nextRule: 9 } }))

function atTerminal() {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  return {
    said,
    context: createContext(
      { home: paths.home },
      { ...processIo(), environment: { LANG: 'C' }, isTerminal: true, out: say, err: say },
    ),
  }
}

describe('learned rules', () => {
  it('are listed and shown; one with a changed action sleeps', async () => {
    expect(await ottugi([])).toEqual({ code: 0, out: 'Nothing was learned yet.\n', err: '' })
    expect(await ottugi(['list', '--json'])).toEqual({ code: 0, out: '', err: '' })
    await learn(rule('L1'), rule('L2', { state: 'active', actionHash: 'another' }))
    expect((await ottugi(['list'])).out.split('\n')).toEqual([
      'L1  proposed: waits for your yes  make_dir {"folder":"logs"}  (healed 3 incidents)',
      'L2  asleep: its action or a gate has changed  make_dir {"folder":"logs"}  (healed 3 incidents)',
      '',
    ])
    const lines = (await ottugi(['list', '--json'])).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { id: 'L1', state: 'proposed' },
      { id: 'L2', state: 'asleep' },
    ])
    expect((await ottugi(['show', 'l1'])).out).toContain(
      'fault missing-file-abc, probe 0123456789abcdef; healed: I1, I2, I3',
    )
    expect(await ottugi(['show', 'L7'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('There is no rule L7'),
    })
  })

  it.each(['promote', 'demote', 'release'])('%s needs a person at a terminal', async (word) => {
    await learn(rule('L1'))
    const before = treeOf(paths.home)
    const { code, out, err } = await ottugi([word, 'L1'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`npx ottugi recovery ${word} L1`)
    expect(treeOf(paths.home)).toEqual(before)
  })

  it('act after a yes, and no more after a no', async () => {
    await learn(rule('L1'), rule('L2', { actionHash: 'another' }))
    const { said, context } = atTerminal()
    expect(await changeRule(context, 'l1', 'promote')).toBe(0)
    expect(readLearned(paths).rules[0]).toMatchObject({ state: 'active', note: 'promoted by a person' })
    expect(await changeRule(context, 'L1', 'promote')).toBe(1)
    expect(await changeRule(context, 'L2', 'promote')).toBe(1)
    expect(await changeRule(context, 'L1', 'demote')).toBe(0)
    expect(readLearned(paths).rules[0]).toMatchObject({ state: 'demoted', incidents: [] })
    expect(await changeRule(context, 'L7', 'demote')).toBe(1)
    expect(said.slice(0, 4)).toEqual([
      'L1 now acts by itself.',
      'L1 is active: it cannot be changed so.',
      'L2 is asleep: its action or a gate has changed: it cannot be changed so.',
      'L1 does not act any more.',
    ])
  })
})

it('release lets go of what was set aside', () => {
  const entry = { id: 'r1', since: '2026-11-20T00:00:00.000Z', reason: 'why' }
  writeParked(paths.parked, withParked({ runs: [], sessions: [] }, 'runs', entry))
  const { said, context } = atTerminal()
  expect([releaseParked(context, 'r2'), releaseParked(context, 'r1')]).toEqual([1, 0])
  expect(said).toEqual(['Nothing with the id r2 was set aside.', 'r1 is free again: the agent goes on with it.'])
  expect(readParked(paths)).toEqual({ runs: [], sessions: [] })
})

describe('verify', () => {
  const step = (name: 'begin' | 'committed') =>
    appendStep(paths.repairsJournal, { repairId: 'r', step: name, action: 'a', args: {}, by: 'b', fault: 'f' })

  it('proves a whole journal, also an empty one', async () => {
    expect(await ottugi(['verify'])).toMatchObject({
      code: 0,
      out: `The repair journal is whole: 0 lines, head ${'0'.repeat(64)}.\n`,
    })
    step('begin')
    const { hash } = step('committed')
    expect(await ottugi(['verify', '--json'])).toEqual({
      code: 0,
      out: `${JSON.stringify({ ok: true, head: hash, count: 2 })}\n`,
      err: '',
    })
  })

  it('names the first line that is not as it was written', async () => {
    step('begin')
    step('committed')
    step('begin')
    writeFileSync(paths.repairsJournal, readFileSync(paths.repairsJournal, 'utf8').replace('"committed"', '"undone"'))
    expect(await ottugi(['verify', '--json'])).toEqual({ code: 1, out: '{"ok":false,"brokenAt":2}\n', err: '' })
    expect(await ottugi(['verify'])).toMatchObject({ code: 1, out: expect.stringContaining('from line 2 on') })
  })
})

describe('judge', () => {
  async function judged(input: string) {
    const words = [join(appRoot, 'src', 'cli', 'main.ts'), 'recovery', 'judge', '--home', paths.home]
    const env = { PATH: '/usr/bin:/bin', HOME: paths.home, LANG: 'C' }
    return new Promise<{ code: number; lines: unknown[]; err: string }>((resolve) => {
      const child = execFile(process.execPath, words, { env, cwd: appRoot }, (error, out, err) =>
        resolve({
          code: Number(error?.code ?? 0),
          lines: out
            .trim()
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line)),
          err,
        }),
      )
      // It may end before it has read everything.
      child.stdin?.on('error', () => {})
      child.stdin?.end(input)
    })
  }

  it('says of each proposal what recovery would, and touches nothing', async () => {
    mkdirSync(paths.approvals, { mode: 0o700 })
    chmodSync(paths.run, 0o755)
    const before = treeOf(paths.home)
    const proposals = [
      { action: 'set_mode', args: { file: 'run' } },
      { action: 'set_mode', args: { file: '/etc/shadow' } },
      { action: 'set_mode', args: { file: 'env' } },
      { action: 'rm_rf', args: {} },
      { action: 'none' },
    ]
    const { code, lines } = await judged(`${proposals.map((one) => JSON.stringify(one)).join('\n')}\n\n`)
    expect(code).toBe(0)
    expect(lines).toMatchObject([
      { action: 'set_mode', args: { file: 'run' }, verdict: 'allowed' },
      { verdict: 'refused', reason: expect.stringContaining('file must be one of') },
      { verdict: 'refused' },
      { action: 'rm_rf', verdict: 'refused', reason: 'there is no action "rm_rf"' },
      { action: 'none', verdict: 'allowed', reason: 'it changes nothing' },
    ])
    expect(treeOf(paths.home)).toEqual(before)
  })

  it('says what is no proposal, and ends with 2', async () => {
    const { code, lines, err } = await judged(`nonsense\n{"action":1}\n[]\n${'x'.repeat(300_000)}\n{"action":"none"}`)
    expect(code).toBe(2)
    expect(lines).toMatchObject([
      { line: 1, verdict: 'refused' },
      { line: 2 },
      { line: 3 },
      { line: 4 },
      { action: 'none', verdict: 'allowed' },
    ])
    expect(err).toContain('Line 1 is no proposal')
  })

  it('follows the autonomy of the settings', async () => {
    chmodSync(paths.run, 0o755)
    writeFileSync(paths.settings, 'recovery:\n  autonomy: none\n', { mode: 0o600 })
    const { lines } = await judged('{"action":"set_mode","args":{"file":"run"}}\n')
    expect(lines).toMatchObject([{ verdict: 'ask', reason: 'risk 0 needs a yes with autonomy none' }])
  })
})
