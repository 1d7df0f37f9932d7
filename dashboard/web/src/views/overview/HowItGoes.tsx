import { formatCount, formatDuration } from '../../app/format.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { linkTo } from '../../app/router.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { Figure, FigureList } from '../../design/Figure.tsx'
import { EmptyState } from '../../design/Notes.tsx'
import { Status } from '../../design/Status.tsx'
import { approvalsWaiting } from '../../live/live.ts'
import { IncidentLines } from '../incidents/IncidentLines.tsx'
import { WhatToDo } from '../incidents/WhatToDo.tsx'
import type { PartProps } from './partProps.ts'

const t = sayFrom(pageMessages)
const SHOWN = 5

/** The open incident, else the last five. */
export function IncidentsCard({ overview: { incidents, asOf }, stale }: PartProps) {
  const open = incidents.filter(({ closedAt }) => closedAt === null)
  const shown = open.length > 0 ? open : incidents.slice(0, SHOWN)
  return (
    <Card
      title={t(open.length > 0 ? 'page.over.openIncident' : 'page.over.lastIncidents')}
      width="wide"
      stale={stale}
      asOf={asOf}
      aside={<a href={linkTo('incidents')}>{t('page.over.allIncidents')}</a>}
    >
      {open.map(({ id, human }) => human !== null && <WhatToDo key={id} what={human} />)}
      {shown.length === 0 ? <EmptyState text={t('page.over.noIncidents')} /> : <IncidentLines incidents={shown} />}
    </Card>
  )
}

/** What waits for a yes or a no. */
export function ApprovalsCard({ overview, stale }: PartProps) {
  const count = approvalsWaiting.value ?? overview.approvalsWaiting
  return (
    <Card title={t('page.over.approvals')} stale={stale} asOf={overview.asOf}>
      {count === 0 ? (
        <EmptyState text={t('page.over.approvalsNone')} />
      ) : (
        <div class="row">
          <Status tone="warn" word={t('page.over.approvalsSome', { count })} />
          <a class="button primary" href={linkTo('approvals')}>
            {t('page.over.answer')}
          </a>
        </div>
      )}
    </Card>
  )
}

/** How the sessions of the last day went. */
export function SessionsCard({ overview: { sessions, asOf }, stale }: PartProps) {
  const { active, runs, medianRounds, medianResponseMs, p95ResponseMs } = sessions
  const lang = language.value
  return (
    <Card title={t('page.over.sessions')} width="wide" stale={stale} asOf={asOf}>
      <FigureList>
        <Figure label={t('page.over.active')} value={formatCount(active, lang)} />
        <Figure label={t('page.over.runs')} value={formatCount(runs, lang)} />
        <Figure
          label={t('page.over.rounds')}
          value={formatCount(medianRounds, lang)}
          note={t('page.over.medianNote')}
        />
        <Figure
          label={t('page.over.response')}
          value={formatDuration(medianResponseMs, lang)}
          note={t('page.over.p95Note', { p95: formatDuration(p95ResponseMs, lang) })}
        />
      </FigureList>
    </Card>
  )
}

/** How often and how fast it stood up again. */
export function RecoveryCard({ overview: { recovery, asOf }, stale }: PartProps) {
  const { windowDays, healed, of, mttrMs, restarts24h } = recovery
  const lang = language.value
  const window = t('page.over.inDays', { days: windowDays })
  return (
    <Card title={t('page.over.recovery')} width="wide" stale={stale} asOf={asOf}>
      <FigureList>
        <Figure label={t('page.over.healed')} value={t('page.over.nOfM', { healed, of })} note={window} />
        <Figure label={t('page.over.mttr')} value={formatDuration(mttrMs, lang)} note={window} />
        <Figure label={t('page.over.restarts')} value={formatCount(restarts24h, lang)} note={t('page.over.in24h')} />
      </FigureList>
    </Card>
  )
}
