import { ErrorNote, Loading } from '../../design/Notes.tsx'
import { fresh, overview, overviewFailure, refreshOverview } from '../../live/live.ts'
import { HeartbeatCard } from './HeartbeatCard.tsx'
import { HostCard } from './HostCard.tsx'
import { ApprovalsCard, IncidentsCard, RecoveryCard, SessionsCard } from './HowItGoes.tsx'
import { MoneyCard } from './MoneyCard.tsx'
import type { PartProps } from './partProps.ts'
import { Sentence } from './Sentence.tsx'
import { ModelsCard, ToolsCard } from './WorkCards.tsx'

/** Is it well, what happened, does it need me, what does it cost: in that order. */
export function OverviewView() {
  const known = overview.value
  if (!known) {
    const reason = overviewFailure.value
    return reason === null ? <Loading /> : <ErrorNote reason={reason} onRetry={() => void refreshOverview()} />
  }
  const stale = !fresh.value
  return (
    <>
      <Sentence overview={known} stale={stale} />
      <div class="cards">
        <HeartbeatCard />
        <Parts overview={known} stale={stale} />
      </div>
    </>
  )
}

function Parts(props: PartProps) {
  return (
    <>
      <IncidentsCard {...props} />
      <div class="card-stack">
        <ApprovalsCard {...props} />
        <MoneyCard {...props} />
      </div>
      <ModelsCard {...props} />
      <ToolsCard {...props} />
      <SessionsCard {...props} />
      <RecoveryCard {...props} />
      <HostCard {...props} />
    </>
  )
}
