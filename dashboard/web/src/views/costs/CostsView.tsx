import './costs.css'
import { useState } from 'preact/hooks'
import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import { sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { Choice } from '../../design/Tabs.tsx'
import { getCosts } from '../../live/api.ts'
import { useResource } from '../../live/useResource.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'
import { UnknownNotes } from '../UnknownNotes.tsx'
import { CostTable } from './CostTable.tsx'
import { DayChart } from './DayChart.tsx'
import { MoneyFigures } from './MoneyFigures.tsx'

const t = sayFrom(dashboardViewsMessages)

const KEYS = ['model', 'day', 'session', 'job'] as const
const DAYS = ['7', '30', '90'] as const

/** What was spent: today against the limits, by day, and on what. */
export function CostsView() {
  const [by, setBy] = useState<(typeof KEYS)[number]>('model')
  const [days, setDays] = useState<(typeof DAYS)[number]>('30')
  const resource = useResource((signal) => getCosts({ by, days: Number(days) }, signal), [by, days])
  const asOf = resource.data?.asOf ?? null
  const shared = { stale: resource.stale, asOf }
  return (
    <div class="cards">
      <Card title={t('costsView.title')} width="full" {...shared}>
        <KnownAnswer resource={resource}>
          {({ money, unknown }) => (
            <>
              <UnknownNotes unknown={unknown} />
              <MoneyFigures money={money} />
            </>
          )}
        </KnownAnswer>
      </Card>
      <Card
        title={t('costsView.byDay')}
        width="full"
        {...shared}
        aside={
          <Choice
            label={t('costsView.days')}
            choices={DAYS.map((key) => ({ key, label: t('costsView.lastDays', { count: key }) }))}
            current={days}
            onChange={setDays}
          />
        }
      >
        {resource.data && <DayChart days={resource.data.days} />}
      </Card>
      <Card title={t('costsView.table')} width="full" {...shared}>
        <div class="row">
          <Choice
            label={t('costsView.by')}
            choices={KEYS.map((key) => ({ key, label: t(`costsView.by.${key}`) }))}
            current={by}
            onChange={setBy}
          />
        </div>
        {resource.data && <CostTable by={by} rows={resource.data.rows} />}
      </Card>
    </div>
  )
}
