/** What every adapter of the sessions must do. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compactedIn, conversationOf } from '../../../src/agent/context/conversation.ts'
import type { RunEventBody } from '../../../src/agent/journal/event.ts'
import type { Journal } from '../../../src/agent/journal/journal.ts'
import type { Sessions } from '../../../src/agent/sessions/sessions.ts'
import { asked, asking, changed, ended, result, told, toolCall } from './sessionHistory.ts'

/** An adapter over a journal of its own. */
export type SessionsUnderTest = {
  readonly sessions: Sessions
  readonly journal: Journal
  /** Everything that the storage holds, as one text: to look for what must be gone. */
  readonly raw: () => string
  readonly close: () => void
}

/** Runs the suite. */
export function sessionsContract(name: string, open: () => SessionsUnderTest): void {
  describe(`sessions: ${name}`, () => {
    let own: SessionsUnderTest
    beforeEach(() => {
      own = open()
    })
    afterEach(() => own.close())
    const append = (run: string, session: string, ...bodies: RunEventBody[]) => {
      for (const body of bodies) own.journal.append(body.type === 'session_changed' ? '' : run, session, body)
      return own.journal.lastSeq()
    }
    const talk = (run: string, session: string, question: string, answer: string) =>
      append(run, session, asked(question), asking, told(answer), ended())
    const textsOf = (session: string) =>
      own.sessions.history(session).flatMap(({ data }) => ('text' in data && data.text !== null ? [data.text] : []))
    const hits = (query: string) => own.sessions.search(query, 50).map(({ seq }) => seq)

    it('lists the last used first, with name or first words, runs, cost and state', () => {
      talk('r1', 'one', 'How are\n you today, my friend?', 'Well.')
      append('r2', 'two', asked('안녕하세요'))
      talk('r3', 'one', 'And now?', 'Still.')
      expect(own.sessions.list(10)).toMatchObject([
        {
          session: 'one',
          name: null,
          title: 'How are you today, my friend?',
          runs: 2,
          costUsd: 0.5,
          tokens: 30,
          state: 'idle',
          branchOf: null,
        },
        { session: 'two', title: '안녕하세요', runs: 1, costUsd: 0, state: 'working' },
      ])
      expect(own.sessions.rename('two', '인사')).toEqual({ ok: true })
      expect(own.sessions.list(1)).toEqual([own.sessions.find('two')])
      expect(own.sessions.find('two')).toMatchObject({ name: '인사', title: '인사' })
      expect(own.sessions.rename('none', 'x')).toEqual({ ok: false, why: 'unknown' })
      expect([own.sessions.find('none'), own.sessions.find('')]).toEqual([undefined, undefined])
    })

    it('a branch reads on in what it came from, up to its event, also along a chain', () => {
      const at = talk('r1', 'a', 'one', 'I')
      talk('r2', 'a', 'two', 'II')
      expect(own.sessions.branch({ from: 'a', session: 'b', seq: at })).toEqual({ ok: true })
      talk('r3', 'b', 'three', 'III')
      expect(own.sessions.branch({ from: 'b', session: 'c' })).toEqual({ ok: true })
      talk('r4', 'b', 'four', 'IV')
      expect([textsOf('a'), textsOf('b'), textsOf('c')]).toEqual([
        ['one', 'I', 'two', 'II'],
        ['one', 'I', 'three', 'III', 'four', 'IV'],
        ['one', 'I', 'three', 'III'],
      ])
      expect(own.sessions.find('b')).toMatchObject({ branchOf: { session: 'a', seq: at }, runs: 2, costUsd: 0.5 })
      expect(own.sessions.branch({ from: 'a', session: 'c' })).toEqual({ ok: false, why: 'taken' })
      expect(own.sessions.branch({ from: 'x', session: 'd' })).toEqual({ ok: false, why: 'unknown' })
      expect(own.sessions.branch({ from: 'b', session: 'd', seq: at + 1 })).toEqual({ ok: false, why: 'bad-seq' })
      expect(own.sessions.branch({ from: 'b', session: 'd', seq: 1 })).toEqual({ ok: true })
      expect(textsOf('d')).toEqual(['one'])
    })

    it('a forged chain ends', () => {
      append('', 'x', changed({ do: 'branch', from: 'y', seq: 9_999 }))
      append('', 'y', changed({ do: 'branch', from: 'x', seq: 9_999 }))
      expect(own.sessions.history('y').map(({ session }) => session)).toEqual(['x', 'y'])
    })

    it('what is deleted is in no list, no reading, no search; its branches keep what they share; the id begins anew', () => {
      const at = talk('r1', 'a', 'secret garden', 'roses')
      own.sessions.branch({ from: 'a', session: 'b' })
      append('r9', 'w', asked('garden work'))
      expect(own.sessions.remove('w', { purge: false })).toEqual({ ok: false, why: 'busy' })
      expect(own.sessions.remove('a', { purge: false })).toEqual({ ok: true })
      expect(own.sessions.find('a')).toBeUndefined()
      expect(own.sessions.remove('a', { purge: false })).toEqual({ ok: false, why: 'unknown' })
      expect([
        own.sessions.list(9).map(({ session }) => session),
        textsOf('a'),
        hits('secret garden'),
        hits('se'),
      ]).toEqual([['w', 'b'], [], [], []])
      expect(textsOf('b')).toEqual(['secret garden', 'roses'])
      const again = talk('r2', 'a', 'new secret garden', 'tulips')
      expect(again).toBeGreaterThan(at)
      expect(textsOf('a')).toEqual(['new secret garden', 'tulips'])
      expect(own.sessions.find('a')).toMatchObject({ title: 'new secret garden', runs: 1, costUsd: 0.25 })
      expect(hits('secret').length).toBe(1)
    })

    it('purge leaves no text in the storage, and every figure', () => {
      const calls = [toolCall('c', { password: 'hunter-nine' })]
      append(
        'r1',
        'a',
        asked('hunter-one'),
        asking,
        told('hunter-two', calls),
        result('c', 'hunter-three'),
        asking,
        told('ok hunter'),
        ended(),
      )
      append(
        '',
        'a',
        changed({ do: 'name', name: 'hunter-four' }),
        changed({ do: 'compact', upToSeq: 3, summary: 'hunter-five', tokensBefore: 9, tokensAfter: 1 }),
      )
      talk('r2', 'other', 'unrelated words', 'stay')
      const before = own.journal.totals()
      expect(own.raw()).toContain('hunter')
      expect(own.sessions.remove('a', { purge: true })).toEqual({ ok: true })
      expect(own.raw()).not.toContain('hunter')
      expect(own.journal.totals()).toEqual(before)
      expect(own.journal.eventsOfRun('r1').map(({ type }) => type)).toEqual([
        'message_in',
        'model_asked',
        'model_answered',
        'tool_ended',
        'model_asked',
        'model_answered',
        'run_ended',
      ])
      expect([hits('unrelated').length, hits('hunter').length, textsOf('other')]).toEqual([
        1,
        0,
        ['unrelated words', 'stay'],
      ])
      expect(own.sessions.remove('a', { purge: true })).toEqual({ ok: true })
      expect(own.sessions.remove('none', { purge: true })).toEqual({ ok: false, why: 'unknown' })
    })

    it('finds Korean and English, whole words and parts, questions, answers and what was added, newest first', () => {
      talk('r1', 'a', '오뚝이는 다시 일어납니다', 'It RISES again, 100% sure_thing')
      append('r2', 'a', asked('x'), { type: 'steered', data: { text: '서울로 가세요' } })
      const found = (query: string) => own.sessions.search(query, 10).map(({ who, excerpt }) => [who, excerpt])
      expect(found('일어납')).toEqual([['person', '오뚝이는 다시 일어납니다']])
      expect(found('rises')).toEqual([['model', 'It RISES again, 100% sure_thing']])
      expect(found('서울')).toEqual([['person', '서울로 가세요']])
      expect(found('다시 오뚝')).toEqual([['person', '오뚝이는 다시 일어납니다']])
      expect(
        [found('0%'), found('_t'), found('%%'), found('__'), found(''), found('   ')].map((all) => all.length),
      ).toEqual([1, 1, 0, 0, 0, 0])
    })

    it('recalls what a model is shown, exactly as all of the history would show it, whatever is done', () => {
      const names = ['a', 'b', 'c']
      const step = fc.record({
        what: fc.constantFrom(
          'talk',
          'talk',
          'talk',
          'queue',
          'answer',
          'compact',
          'undo',
          'branch',
          'delete',
          'purge',
          'name',
        ),
        session: fc.constantFrom(...names),
        other: fc.constantFrom(...names),
        at: fc.nat(),
      })
      let run = 0
      const waiting: [string, string][] = []
      const perform = ({ what, session, other, at }: { what: string; session: string; other: string; at: number }) => {
        const history = own.sessions.history(session)
        const seq = history[at % Math.max(1, history.length)]?.seq
        if (what === 'talk') talk(`t${run++}`, session, `question ${run}`, `answer ${run}`)
        if (what === 'queue') {
          waiting.push([`t${run}`, session])
          append(`t${run++}`, session, asked(`queued ${run}`))
        }
        const next = what === 'answer' ? waiting.shift() : undefined
        if (next) append(...next, asking, told('late answer'), ended())
        if (what === 'compact' && seq !== undefined) {
          append(
            '',
            session,
            changed({ do: 'compact', upToSeq: seq, summary: `S${seq}`, tokensBefore: 9, tokensAfter: 1 }),
          )
        }
        if (what === 'undo') {
          const upToSeq = compactedIn(history)?.upToSeq
          if (upToSeq !== undefined) append('', session, changed({ do: 'undo-compact', upToSeq }))
        }
        if (what === 'branch')
          own.sessions.branch({ from: session, session: other, ...(seq === undefined ? {} : { seq }) })
        if (what === 'delete' || what === 'purge') own.sessions.remove(session, { purge: what === 'purge' })
        if (what === 'name') own.sessions.rename(session, 'N')
      }
      fc.assert(
        fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
          for (const one of steps) {
            perform(one)
            for (const name of names) {
              expect(conversationOf(own.sessions.recall(name))).toEqual(conversationOf(own.sessions.history(name)))
            }
          }
        }),
        { numRuns: 25 },
      )
    })

    it('recalls no more than the summary leaves, and only what is new is read', () => {
      for (let index = 0; index < 50; index++) talk(`r${index}`, 'a', 'q', 'a')
      append('', 'a', changed({ do: 'compact', upToSeq: 180, summary: 'S', tokensBefore: 9, tokensAfter: 1 }))
      const first = own.sessions.recall('a')
      expect(first.length).toBe(21)
      talk('new', 'a', 'q', 'a')
      const second = own.sessions.recall('a')
      expect(second.length).toBe(25)
      expect(second.slice(0, 21).every((event, index) => event === first[index])).toBe(true)
    })

    it('takes no query for an operator: what is found holds every word, and nothing breaks', () => {
      const texts = ['alpha "beta" gamma', "it's OR not", 'NEAR(a b) AND col:x*', '가나다 라마바', 'semi;colon--dash']
      for (const text of texts) talk(`r ${text}`, 's', text, '…')
      const word = fc.oneof(
        fc.constantFrom(
          '"',
          '""',
          'OR',
          'AND',
          'NOT',
          'NEAR(',
          '*',
          'alpha',
          '"beta"',
          'words:alpha',
          '가나',
          '라마바',
          "'",
          ';--',
          '%',
          '_',
          '\\',
          '^a',
          '-b',
          '{a}',
          '\0',
        ),
        fc.string(),
      )
      fc.assert(
        fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
          const query = words.join(' ')
          const terms = query
            .replaceAll('\0', ' ')
            .split(/\s+/)
            .filter(Boolean)
            .map((term) => term.toLowerCase())
          for (const { seq } of own.sessions.search(query, 50)) {
            const event = own.journal.eventsOfSession('s', seq - 1, 1)[0]
            const text = event && 'text' in event.data ? String(event.data.text).toLowerCase() : ''
            expect(terms.every((term) => text.includes(term))).toBe(true)
          }
        }),
      )
      for (const text of texts) expect(own.sessions.search(text, 50).map(({ excerpt }) => excerpt)).toContain(text)
    })
  })
}
