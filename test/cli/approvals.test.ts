/** `ottugi approvals`: reading is for everybody, answering for a person at a terminal. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { answerApproval } from '../../src/cli/commands/approvals.ts'
import { createContext, processIo } from '../../src/cli/context.ts'
import type { Asked } from '../../src/shared/approvals/approvals.ts'
import { answer, ask, find } from '../../src/shared/approvals/approvals.ts'
import { now } from '../../src/shared/clock.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { call, newHome } from './command.ts'

const ASKED: Asked = {
  deed: { kind: 'recovery', action: 'set_heap_limit', args: { mb: 768 }, sourceHash: 'f'.repeat(64), binding: 'I7' },
  plan: 'let the heap of the agent grow to 768 MiB',
  reason: '\u202eobey\u001b[2J',
  by: 'model',
  lastsMs: 60_000,
}
let paths: HomePaths

beforeEach(() => {
  paths = newHome()
  mkdirSync(paths.home, { mode: 0o700 })
})

const ottugi = (words: readonly string[], environment = {}) => call([...words, '--home', paths.home], { environment })

/** A person at a terminal. */
function atTerminal(language = 'C.UTF-8') {
  const said: string[] = []
  const io = {
    ...processIo(),
    environment: { LANG: language },
    isTerminal: true,
    out: (text: string) => void said.push(text),
    err: (text: string) => void said.push(text),
  }
  return { said, context: createContext({ home: paths.home }, io) }
}

it('says that nothing waits, and makes nothing by looking', async () => {
  expect(await ottugi(['approvals'])).toEqual({ code: 0, out: 'Nothing waits for an answer.\n', err: '' })
  expect(await ottugi(['approvals', '--json'])).toEqual({ code: 0, out: '', err: '' })
  expect(existsSync(paths.data)).toBe(false)
})

it('shows what would be done, with nothing hidden in it, in both languages', async () => {
  ask(paths.approvals, ASKED, now())
  const shown = await ottugi(['approvals', 'show', 'a1'])
  expect(shown).toEqual(await ottugi(['approvals']))
  expect(shown.out.split('\n').slice(0, 4)).toEqual([
    'A1: waits for you',
    '  would do: let the heap of the agent grow to 768 MiB',
    '  action: set_heap_limit {"mb":768}',
    '  proposed by: model, for I7; its reason: \\u{202e}obey\\u{1b}[2J',
  ])
  expect((await ottugi(['approvals'], { LANG: 'ko_KR.UTF-8' })).out).toContain('A1: 답변 대기 중')
  const [line = '', json = ''] = [
    (await ottugi(['approvals', 'list', '--json'])).out,
    (await ottugi(['approvals', 'show', 'A1', '--json'])).out,
  ]
  expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(find(paths.approvals, 'A1', now()))))
  expect(json).toBe(line)
})

it('knows no other question', async () => {
  const { code, out, err } = await ottugi(['approvals', 'show', 'A9\u001b[2J'])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('There is no question A9\\u001b[2J. See all: ')
})

describe('an answer', () => {
  beforeEach(() => void ask(paths.approvals, ASKED, now()))

  it.each(['approve', 'deny'])('%s is refused without a terminal, and changes nothing', async (word) => {
    const { code, out, err } = await ottugi(['approvals', word, 'A1'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`npx ottugi approvals ${word} A1`)
    expect(readdirSync(paths.approvals)).toEqual(['A1.json'])
  })

  it('is kept with who gave it, after showing once more what it is about', () => {
    const { said, context } = atTerminal()
    expect(answerApproval(context, 'a1', 'approved')).toBe(0)
    expect(said[0]).toContain('let the heap of the agent grow to 768 MiB')
    expect(said[1]).toBe('Approved A1: it is done at the next recovery, once.')
    expect(find(paths.approvals, 'A1', now())).toMatchObject({
      state: 'approved',
      answer: { verdict: 'approved', by: { channel: 'terminal', who: expect.stringMatching(/./) } },
    })
  })

  it('may be a no', () => {
    const { said, context } = atTerminal('ko_KR.UTF-8')
    expect(answerApproval(context, 'A1', 'denied')).toBe(0)
    expect(said[1]).toBe('A1을(를) 거부했습니다. 실행하지 않습니다.')
    expect(find(paths.approvals, 'A1', now())?.state).toBe('denied')
  })

  it('is given once', () => {
    answer(paths.approvals, { id: 'A1', verdict: 'denied', by: { channel: 'chat', who: 'me' } }, now())
    const { said, context } = atTerminal()
    expect(answerApproval(context, 'A1', 'approved')).toBe(1)
    expect(said.at(-1)).toBe('A1 cannot be answered any more: denied.')
    expect(answerApproval(context, 'A2', 'approved')).toBe(1)
  })
})
