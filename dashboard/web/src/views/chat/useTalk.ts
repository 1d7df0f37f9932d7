import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChatQuestion } from '../../../../contractViews.ts'
import { askRaw } from '../../live/ask.ts'
import { askChat } from './askChat.ts'
import { keepPending, readPending } from './pendingQuestion.ts'
import { beginTalk, hearPiece, isOpen, type Talk, type TalkPiece } from './talk.ts'

/** The question of this tab and its answer. */
export type Talking = {
  readonly talk: Talk | null
  readonly send: (question: ChatQuestion) => void
  /** Asks the same question once more, with the same id. */
  readonly again: () => void
}

/** Follows one question at a time. Who leaves ends the following, not the run; who comes back in this tab follows on. */
export function useTalk(session: string): Talking {
  const [talk, setTalk] = useState<Talk | null>(null)
  const asked = useRef<ChatQuestion | null>(null)
  const following = useRef<AbortController | null>(null)
  const send = (question: ChatQuestion) => {
    following.current?.abort()
    const controller = new AbortController()
    following.current = controller
    asked.current = question
    keepPending(sessionStorage, question)
    setTalk(beginTalk(question))
    const onPiece = (piece: TalkPiece) => {
      if (controller.signal.aborted) return
      if (piece.event === 'done' || piece.event === 'problem') keepPending(sessionStorage, null)
      setTalk((before) => (before?.id === question.id ? hearPiece(before, piece) : before))
    }
    void askChat(question, { post, waitMs, onPiece, signal: controller.signal })
  }
  useEffect(() => {
    const pending = readPending(sessionStorage, session)
    if (pending) send(pending)
    return () => {
      following.current?.abort()
      setTalk(null)
    }
  }, [session])
  const again = () => {
    if (asked.current && !(talk && isOpen(talk))) send(asked.current)
  }
  return { talk: talk?.session === session ? talk : null, send, again }
}

function post(question: ChatQuestion, signal: AbortSignal) {
  return askRaw('api/chat', { method: 'POST', body: question, signal, headers: { Accept: 'text/event-stream' } })
}

function waitMs(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
