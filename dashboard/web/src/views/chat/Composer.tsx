import { useEffect, useState } from 'preact/hooks'
import { dashboardChatMessages } from '../../../../../src/shared/messages/dashboardChat.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { keepDraft, readDraft } from './drafts.ts'
import { isSendKey } from './sendKey.ts'

const t = sayFrom(dashboardChatMessages)
const LONGEST = 200_000
const MOST_LINES = 10

type ComposerProps = {
  /** What the draft is kept under: the session, or one word for all that have not begun. */
  readonly draft: string
  /** True while an answer is waited for: one can go on writing, and cannot send. */
  readonly isWaiting: boolean
  readonly onSend: (message: string) => void
  /** Ends the run that is going on; null without one. */
  readonly onStop: (() => void) | null
}

/** Where a message is written. What was not sent is kept for its session. */
export function Composer({ draft, isWaiting, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState(() => readDraft(localStorage, draft))
  useEffect(() => setText(readDraft(localStorage, draft)), [draft])
  const write = (next: string) => {
    setText(next)
    keepDraft(localStorage, draft, next)
  }
  const canSend = !isWaiting && text.trim() !== ''
  const send = () => {
    if (!canSend) return
    write('')
    onSend(text.trim())
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <label>
        <span class="sr-only">{t('chatView.message')}</span>
        <textarea
          value={text}
          rows={Math.min(MOST_LINES, Math.max(2, text.split('\n').length))}
          maxLength={LONGEST}
          placeholder={t('chatView.placeholder')}
          onInput={({ currentTarget }) => write(currentTarget.value)}
          onKeyDown={(event) => {
            if (!isSendKey(event)) return
            event.preventDefault()
            send()
          }}
        />
      </label>
      <div class="row">
        {onStop && (
          <Button kind="danger" onClick={onStop}>
            {t('chatView.stop')}
          </Button>
        )}
        <Button type="submit" kind="primary" disabled={!canSend}>
          {t('chatView.send')}
        </Button>
      </div>
    </form>
  )
}
