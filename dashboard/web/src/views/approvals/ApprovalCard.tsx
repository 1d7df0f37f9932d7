import './approvals.css'
import { useState } from 'preact/hooks'
import { dashboardChatMessages } from '../../../../../src/shared/messages/dashboardChat.ts'
import type { ShownApproval } from '../../../../contractViews.ts'
import { nowMs } from '../../app/clock.ts'
import { me } from '../../app/me.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx'
import { Notice } from '../../design/Notes.tsx'
import { Status } from '../../design/Status.tsx'
import { Time } from '../../design/Time.tsx'
import { showToast } from '../../design/toasts.ts'
import { VisibleText } from '../../design/VisibleText.tsx'
import { useDoing } from '../useDoing.ts'
import { type Said, sayTo } from './answering.ts'
import { countdown, leftMs } from './expiry.ts'

const t = sayFrom(dashboardChatMessages)

type ApprovalProps = { readonly approval: ShownApproval; readonly onAnswered: () => void }

/** One question that waits: its exact lines, how long it waits, and the answers. Each answer is confirmed. */
export function ApprovalCard({ approval, onAnswered }: ApprovalProps) {
  const [saying, setSaying] = useState<Said | null>(null)
  const mayAnswer = me.value?.can.approve ?? false
  const isOver = leftMs(approval, nowMs.value) === 0
  return (
    <article class="approval" aria-label={`${approval.id} ${t(`approvalsView.kind.${approval.kind}`)}`}>
      <header class="approval-head">
        <strong>{approval.id}</strong>
        <span>{t(`approvalsView.kind.${approval.kind}`)}</span>
        <span class="soft">
          {t('approvalsView.asked')} <Time at={approval.askedAt} as="relative" />
        </span>
        <Left approval={approval} />
      </header>
      <Lines approval={approval} />
      {mayAnswer && !isOver && (
        <div class="row">
          <Button kind="primary" onClick={() => setSaying('approve')}>
            {t('approvalsView.approve')}
          </Button>
          {approval.kind === 'agent' && (
            <Button onClick={() => setSaying('always')}>{t('approvalsView.always')}</Button>
          )}
          <Button kind="danger" onClick={() => setSaying('deny')}>
            {t('approvalsView.refuse')}
          </Button>
        </div>
      )}
      {!mayAnswer && (
        <Notice tone="info">
          {t('approvalsView.notAllowed', { command: `ottugi approvals approve ${approval.id}` })}
        </Notice>
      )}
      <SayDialog {...{ approval, saying, onAnswered }} onClose={() => setSaying(null)} />
    </article>
  )
}

/** The lines of a question, as the gate wrote them. */
export function Lines({ approval }: { approval: ShownApproval }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long one is scrolled, and must be within reach of the keyboard
    <section class="approval-lines" aria-label={t(`approvalsView.kind.${approval.kind}`)} tabIndex={0}>
      <VisibleText text={approval.lines.join('\n')} block />
    </section>
  )
}

function Left({ approval }: { approval: ShownApproval }) {
  const left = leftMs(approval, nowMs.value)
  if (left === null) return null
  if (left === 0) return <Status tone="idle" word={t('approvalsView.over')} />
  return (
    <span class="approval-left">
      <Status tone="warn" word={t('approvalsView.left', { time: countdown(left) })} />
    </span>
  )
}

const WORDS = {
  approve: { title: 'approvalsView.approveTitle', body: 'approvalsView.approveBody', verb: 'approvalsView.approve' },
  always: { title: 'approvalsView.alwaysTitle', body: 'approvalsView.alwaysBody', verb: 'approvalsView.always' },
  deny: { title: 'approvalsView.refuseTitle', body: 'approvalsView.refuseBody', verb: 'approvalsView.refuse' },
} as const

type SayProps = ApprovalProps & { readonly saying: Said | null; readonly onClose: () => void }

function SayDialog({ approval, saying, onAnswered, onClose }: SayProps) {
  const doing = useDoing()
  const words = WORDS[saying ?? 'deny']
  return (
    <ConfirmDialog
      isOpen={saying !== null}
      isBusy={doing.isBusy}
      isDanger={saying === 'always'}
      title={t(words.title)}
      confirmLabel={t(words.verb)}
      onClose={onClose}
      onConfirm={() =>
        void doing.run(
          () => sayTo(approval, saying ?? 'deny'),
          ({ done, text }) => {
            onClose()
            showToast({ text, tone: done ? 'good' : 'bad' })
            onAnswered()
          },
        )
      }
    >
      <p>{t(words.body)}</p>
      <Lines approval={approval} />
    </ConfirmDialog>
  )
}
