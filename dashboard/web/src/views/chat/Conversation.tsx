import { useMemo } from 'preact/hooks'
import { dashboardChatMessages } from '../../../../../src/shared/messages/dashboardChat.ts'
import type { RecordedEvent } from '../../../../../src/shared/sessions/recorded.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { EmptyState, ErrorNote, Notice } from '../../design/Notes.tsx'
import { Status } from '../../design/Status.tsx'
import { foldSteps } from '../sessions/foldSteps.ts'
import { Bubble, ChatStep } from './ChatStep.tsx'
import { useStickToEnd } from './stickToEnd.ts'
import { isOpen, type Talk } from './talk.ts'

const t = sayFrom(dashboardChatMessages)

type ConversationProps = {
  readonly events: readonly RecordedEvent[]
  readonly talk: Talk | null
  /** A run that was begun elsewhere goes on. */
  readonly isBusyElsewhere: boolean
  readonly onAgain: () => void
}

/** What was said, the tools between, and the answer as it comes. */
export function Conversation({ events, talk, isBusyElsewhere, onAgain }: ConversationProps) {
  const steps = useMemo(() => foldSteps(events), [events])
  const { box, isAway, toEnd } = useStickToEnd()
  const isUnheard = talk !== null && !events.some(({ run }) => run === talk.id)
  return (
    <div class="chat-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div class="chat-log" ref={box} role="log" aria-label={t('chatView.log')} tabIndex={0}>
        <div class="chat-said">
          {steps.length === 0 && !talk && <EmptyState text={t('chatView.empty')} />}
          {steps.map((step) => (
            <ChatStep key={step.seq} step={step} />
          ))}
          {isUnheard && <Bubble who="you" at={null} text={talk.message} />}
          {talk && talk.streaming !== '' && <Bubble who="agent" at={null} text={talk.streaming} />}
          <TalkState {...{ talk, isBusyElsewhere, onAgain }} />
        </div>
      </div>
      {isAway && (
        <div class="chat-jump">
          <Button onClick={toEnd}>↓ {t('chatView.jump')}</Button>
        </div>
      )}
    </div>
  )
}

function TalkState({ talk, isBusyElsewhere, onAgain }: Omit<ConversationProps, 'events'>) {
  if (!talk || !isOpen(talk)) {
    if (talk?.state === 'failed') return <Failed talk={talk} onAgain={onAgain} />
    return isBusyElsewhere ? <Status tone="busy" word={t('chatView.answering')} /> : null
  }
  if (talk.state === 'lost') return <Notice>{t('chatView.lost')}</Notice>
  return <Status tone="busy" word={t(talk.state === 'sending' ? 'chatView.sending' : 'chatView.answering')} />
}

function Failed({ talk, onAgain }: { talk: Talk; onAgain: () => void }) {
  if (talk.problem !== '') return <ErrorNote reason={talk.problem} onRetry={onAgain} />
  return <ErrorNote reason={t('chatView.gone')} onRetry={onAgain} />
}
