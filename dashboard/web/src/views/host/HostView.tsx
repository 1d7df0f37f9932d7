import './host.css'
import { useState } from 'preact/hooks'
import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import { sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { EmptyState } from '../../design/Notes.tsx'
import { Choice } from '../../design/Tabs.tsx'
import { VisibleText } from '../../design/VisibleText.tsx'
import { getHost } from '../../live/api.ts'
import { useResource } from '../../live/useResource.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'
import { UnknownNotes } from '../UnknownNotes.tsx'
import { CHARTS } from './charts.ts'
import { HostFigures, ProcessTable } from './HostFigures.tsx'
import { RANGES, type Range } from './ranges.ts'
import { SeriesCard } from './SeriesCard.tsx'

const t = sayFrom(dashboardViewsMessages)

const NOW_MS = 5_000

/** The machine and our processes: now, and over time. */
export function HostView() {
  const [range, setRange] = useState<Range>('24h')
  const resource = useResource(getHost, [], NOW_MS)
  const { data, stale } = resource
  const asOf = data?.now?.at ?? data?.asOf ?? null
  return (
    <div class="cards">
      <Card title={t('hostView.now')} width="full" stale={stale} asOf={asOf}>
        <KnownAnswer resource={resource}>
          {({ now, unknown }) => (
            <>
              <UnknownNotes unknown={unknown} />
              <HostFigures now={now} />
            </>
          )}
        </KnownAnswer>
      </Card>
      <div class="host-range">
        <Choice
          label={t('hostView.range')}
          choices={RANGES.map((key) => ({ key, label: t(`hostView.range.${key}`) }))}
          current={range}
          onChange={setRange}
        />
      </div>
      {CHARTS.map((chart) => (
        <SeriesCard key={chart.title} chart={chart} range={range} now={data?.now ?? null} />
      ))}
      <Card title={t('hostView.processes')} width="full" stale={stale} asOf={asOf}>
        {data && <ProcessTable processes={data.now?.processes ?? []} />}
      </Card>
      <Card title={t('hostView.machine')} width="full">
        {data && <Facts facts={data.machine} />}
      </Card>
    </div>
  )
}

function Facts({ facts }: { facts: Readonly<Record<string, string>> }) {
  const entries = Object.entries(facts)
  if (entries.length === 0) return <EmptyState text={t('hostView.noMachine')} />
  return (
    <dl class="facts">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>
            <VisibleText text={name} />
          </dt>
          <dd>
            <VisibleText text={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
