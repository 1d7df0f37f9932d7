import { useMemo } from 'preact/hooks'
import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import type { Costs } from '../../../../contractViews.ts'
import { formatUsd } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { TimeChart } from '../../charts/TimeChart.tsx'

const t = sayFrom(dashboardViewsMessages)

/** Dollars a day, the agent below, the recovery agent on top. */
export function DayChart({ days }: { days: Costs['days'] }) {
  const now = language.value
  const at = useMemo(() => days.map(({ day }) => new Date(`${day}T00:00:00`).getTime()), [days])
  const lines = useMemo(
    () => [
      { label: t('costsView.agent'), values: days.map(({ agentUsd }) => agentUsd) },
      { label: t('costsView.healer'), values: days.map(({ healerUsd }) => healerUsd) },
    ],
    [days, now],
  )
  return (
    <TimeChart
      name={t('costsView.byDay')}
      kind="bar"
      isStacked
      at={at}
      lines={lines}
      format={(value) => formatUsd(value, now)}
    />
  )
}
