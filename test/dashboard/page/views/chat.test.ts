import { describe, expect, it } from 'vitest'
import { ASK_AGAIN_MS, askChat, type Posted } from '../../../../dashboard/web/src/views/chat/askChat.ts'
import {
  type DraftStore,
  keepDraft,
  LONGEST_DRAFT,
  MOST_DRAFTS,
  readDraft,
} from '../../../../dashboard/web/src/views/chat/drafts.ts'
import { keepPending, readPending } from '../../../../dashboard/web/src/views/chat/pendingQuestion.ts'
import { isSendKey } from '../../../../dashboard/web/src/views/chat/sendKey.ts'
import { beginTalk, hearPiece, isOpen, type TalkPiece } from '../../../../dashboard/web/src/views/chat/talk.ts'

const QUESTION = { id: 'q1', session: 's1', message: 'hello' }

function streamOf(...blocks: readonly string[]): Posted {
  return { ok: true, value: { body: new Blob(blocks.map((block) => `${block}\n\n`)).stream() } }
}

function block(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}`
}

const RUN = block('run', { run: 'q1', session: 's1' })
const ASKED = block('event', { seq: 7, at: '2026-11-21T12:00:00.000Z', type: 'message_in', data: { text: 'hello' } })
const ANSWERED = block('event', { seq: 9, at: '', type: 'model_answered', data: { text: 'Hi.' } })
const UNREACHED: Posted = { ok: false, status: 0, name: 'unreachable', reason: 'nobody' }

/** Asks with prepared answers; waiting takes no time. Gives what was heard, what was sent, and the pauses. */
async function askWith(answers: readonly Posted[], abortAfter = Number.POSITIVE_INFINITY) {
  const [pieces, ids, pauses]: [TalkPiece[], string[], number[]] = [[], [], []]
  const controller = new AbortController()
  await askChat(QUESTION, {
    post: async ({ id }) => {
      const answer = answers[ids.length] ?? UNREACHED
      ids.push(id)
      if (ids.length >= abortAfter) controller.abort()
      return answer
    },
    waitMs: async (delayMs) => void pauses.push(delayMs),
    onPiece: (piece) => pieces.push(piece),
    signal: controller.signal,
  })
  return { pieces, ids, pauses, talk: pieces.reduce(hearPiece, beginTalk(QUESTION)) }
}

describe('a question in the chat', () => {
  it('is answered over a connection that broke, by the same id, with everything there once', async () => {
    const { ids, pieces, talk } = await askWith([
      streamOf(RUN, ASKED, block('text', { delta: 'H' })),
      UNREACHED,
      streamOf(RUN, ASKED, block('text', { delta: 'Hi' }), block('text', { delta: '.' }), ANSWERED, block('done', {})),
    ])
    expect(ids).toEqual(['q1', 'q1', 'q1'])
    expect(pieces.filter(({ event }) => event === 'again')).toHaveLength(2)
    expect(talk).toMatchObject({ state: 'done', streaming: '', problem: '' })
    expect(talk.events.map(({ seq, run, session }) => [seq, run, session])).toEqual([
      [7, 'q1', 's1'],
      [9, 'q1', 's1'],
    ])
  })

  it('shows what comes, and forgets it where the answer starts over', () => {
    const pieces: readonly TalkPiece[] = [
      { event: 'run', run: 'q1', session: 's1' },
      { event: 'text', delta: 'Hel' },
      { event: 'text', delta: 'lo' },
    ]
    const talk = pieces.reduce(hearPiece, beginTalk(QUESTION))
    expect(talk).toMatchObject({ state: 'answering', streaming: 'Hello' })
    expect(hearPiece(talk, { event: 'again' })).toMatchObject({ state: 'lost', streaming: '' })
    expect(isOpen(talk)).toBe(true)
  })

  it('ends with the words of a problem, and is not asked again', async () => {
    const refused: Posted = { ok: false, status: 422, name: 'budget', reason: 'The budget of today is used up.' }
    const { ids, talk } = await askWith([refused])
    expect([ids.length, talk.state, talk.problem]).toEqual([1, 'failed', 'The budget of today is used up.'])
  })

  it('waits for the successor of an agent that leaves', async () => {
    const leaving = block('problem', { type: 'urn:ottugi:problem:leaving', detail: 'It restarts.' })
    const { ids, talk } = await askWith([streamOf(RUN, leaving), streamOf(RUN, ANSWERED, block('done', {}))])
    expect([ids.length, talk.state]).toEqual([2, 'done'])
  })

  it('gives up after all its pauses, and says so', async () => {
    const { ids, pauses, talk } = await askWith([])
    expect(pauses).toEqual(ASK_AGAIN_MS)
    expect([ids.length, talk.state, talk.problem]).toEqual([ASK_AGAIN_MS.length + 1, 'failed', ''])
  })

  it('is followed no more once somebody left', async () => {
    const { ids, pieces } = await askWith([UNREACHED, UNREACHED], 1)
    expect([ids.length, pieces]).toEqual([1, []])
  })

  it('passes over what it does not know, and ends at what is no JSON as at a broken connection', async () => {
    const done = block('done', {})
    const { ids, talk } = await askWith([streamOf(RUN, block('new', {}), 'event: text\ndata: {'), streamOf(RUN, done)])
    expect([ids.length, talk.state]).toEqual([2, 'done'])
  })
})

function createStore(most = Number.POSITIVE_INFINITY): DraftStore {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => {
      if (value.length > most) throw new Error('full')
      kept.set(key, value)
    },
    removeItem: (key) => void kept.delete(key),
  }
}

describe('a draft', () => {
  it('is kept for its session and forgotten when it was sent', () => {
    const store = createStore()
    keepDraft(store, 's1', 'half a')
    keepDraft(store, 's2', 'other')
    expect([readDraft(store, 's1'), readDraft(store, 's2'), readDraft(store, 's3')]).toEqual(['half a', 'other', ''])
    keepDraft(store, 's1', ' ')
    expect(readDraft(store, 's1')).toBe('')
  })

  it('is bounded in number and length', () => {
    const store = createStore()
    for (let at = 0; at <= MOST_DRAFTS; at++) keepDraft(store, `s${at}`, 'x'.repeat(LONGEST_DRAFT + 5))
    expect(readDraft(store, 's0')).toBe('')
    expect(readDraft(store, `s${MOST_DRAFTS}`)).toHaveLength(LONGEST_DRAFT)
  })

  it('is no error where the store is full or holds something else', () => {
    const full = createStore(3)
    keepDraft(full, 's1', 'long text')
    expect(readDraft(full, 's1')).toBe('')
    const odd = createStore()
    odd.setItem('ottugi.drafts', '{"a":')
    expect(readDraft(odd, 's1')).toBe('')
  })
})

describe('a question that is waited for', () => {
  it('is known after a reload, in its session only', () => {
    const store = createStore()
    keepPending(store, QUESTION)
    expect([readPending(store, 's1'), readPending(store, 's2')]).toEqual([QUESTION, null])
    keepPending(store, null)
    expect(readPending(store, 's1')).toBeNull()
    store.setItem('ottugi.pending', '{"session":"s1"}')
    expect(readPending(store, 's1')).toBeNull()
  })
})

describe('the Enter key', () => {
  const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 }
  it('sends, but neither with Shift nor while a syllable is composed', () => {
    expect(isSendKey(enter)).toBe(true)
    expect(isSendKey({ ...enter, shiftKey: true })).toBe(false)
    expect(isSendKey({ ...enter, isComposing: true })).toBe(false)
    expect(isSendKey({ ...enter, keyCode: 229 })).toBe(false)
    expect(isSendKey({ ...enter, key: 'a' })).toBe(false)
  })
})
