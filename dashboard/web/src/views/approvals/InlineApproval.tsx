import { useEffect } from 'preact/hooks'
import { dashboardChatMessages } from '../../../../../src/shared/messages/dashboardChat.ts'
import { sayFrom } from '../../app/text.ts'
import { Loading } from '../../design/Notes.tsx'
import { getApprovals } from '../../live/api.ts'
import { onStream } from '../../live/live.ts'
import { useResource } from '../../live/useResource.ts'
import { ApprovalCard } from './ApprovalCard.tsx'

const t = sayFrom(dashboardChatMessages)

/** The question that a tool call waits for, where it is asked. Shows nothing once it was answered, here or elsewhere. */
export function InlineApproval({ id }: { id: string }) {
  const resource = useResource(getApprovals, [id])
  useEffect(() => onStream('approvals', resource.reload), [])
  const approval = resource.data?.approvals.find((one) => one.id === id)
  if (!approval) return resource.isLoading ? <Loading label={t('approvalsView.loadingPlan')} /> : null
  if (approval.state !== 'waiting') return null
  return (
    <section class="inline-approval" aria-label={t('approvalsView.inChat')} role="alert">
      <ApprovalCard approval={approval} onAnswered={resource.reload} />
    </section>
  )
}
