import { useEffect } from 'preact/hooks'
import { dashboardChatMessages } from '../../../../../src/shared/messages/dashboardChat.ts'
import type { ShownApproval } from '../../../../contractViews.ts'
import { nowMs } from '../../app/clock.ts'
import { sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { EmptyState } from '../../design/Notes.tsx'
import { Status } from '../../design/Status.tsx'
import { Time } from '../../design/Time.tsx'
import type { Tone } from '../../design/tone.ts'
import { VisibleBeginning } from '../../design/VisibleText.tsx'
import { getApprovals } from '../../live/api.ts'
import { onStream } from '../../live/live.ts'
import { useResource } from '../../live/useResource.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'
import { ApprovalCard, Lines } from './ApprovalCard.tsx'
import { splitApprovals } from './expiry.ts'

const t = sayFrom(dashboardChatMessages)

/** What waits for a person, and what became of earlier questions. */
export function ApprovalsView() {
  const resource = useResource(getApprovals, [])
  useEffect(() => onStream('approvals', resource.reload), [])
  const { waiting, past } = splitApprovals(resource.data?.approvals ?? [], nowMs.value)
  const asOf = resource.data?.asOf ?? null
  return (
    <div class="cards">
      <Card title={t('approvalsView.waiting')} width="full" stale={resource.stale} asOf={asOf}>
        <KnownAnswer resource={resource}>
          {() =>
            waiting.length === 0 ? (
              <EmptyState text={t('approvalsView.none')} />
            ) : (
              waiting.map((approval) => (
                <ApprovalCard key={approval.id} approval={approval} onAnswered={resource.reload} />
              ))
            )
          }
        </KnownAnswer>
      </Card>
      <Card title={t('approvalsView.past')} width="full" stale={resource.stale} asOf={asOf}>
        {resource.data && past.length === 0 && <EmptyState text={t('approvalsView.noPast')} />}
        {past.map((approval) => (
          <PastApproval key={approval.id} approval={approval} />
        ))}
      </Card>
    </div>
  )
}

const TONES: Readonly<Record<string, Tone>> = {
  approved: 'good',
  used: 'good',
  denied: 'bad',
  expired: 'idle',
  waiting: 'idle',
  damaged: 'unknown',
}

/** By this page's clock the time of a question that is still called waiting is over. */
function stateOf({ state }: ShownApproval): { readonly tone: Tone; readonly word: string } {
  const shown = state === 'waiting' ? 'expired' : state
  const key = `approvalsView.state.${shown}`
  const isKnown = Object.hasOwn(dashboardChatMessages, key)
  return {
    tone: (Object.hasOwn(TONES, shown) ? TONES[shown] : undefined) ?? 'unknown',
    word: isKnown ? t(key as 'approvalsView.state.used') : shown,
  }
}

function PastApproval({ approval }: { approval: ShownApproval }) {
  return (
    <details class="past-approval">
      <summary>
        <strong>{approval.id}</strong> <Status {...stateOf(approval)} />{' '}
        <span class="folded-begin">
          <VisibleBeginning text={approval.lines[0] ?? ''} limit={120} />
        </span>
        <span class="soft">
          {approval.answeredBy && (
            <>
              <VisibleBeginning text={t('approvalsView.by', { who: approval.answeredBy })} /> ·{' '}
            </>
          )}
          <Time at={approval.askedAt} as="relative" />
        </span>
      </summary>
      <Lines approval={approval} />
    </details>
  )
}
