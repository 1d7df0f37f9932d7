import { useMemo } from 'preact/hooks'
import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import type { HostNow } from '../../../../contract.ts'
import type { Series } from '../../../../contractViews.ts'
import { formatBytes, formatCount, formatDuration, formatShare } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { TimeChart } from '../../charts/TimeChart.tsx'
import { Card } from '../../design/Card.tsx'
import { EmptyState } from '../../design/Notes.tsx'
import { getSeries } from '../../live/api.ts'
import { addressOf } from '../../live/ask.ts'
import { useResource } from '../../live/useResource.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'
import type { HostChart } from './charts.ts'
import { type Range, refreshMs, seriesQuestion } from './ranges.ts'

const t = sayFrom(dashboardViewsMessages)

/** A chart takes at most half of the widest page. */
const WIDEST_PX = 620

type SeriesProps = { readonly chart: HostChart; readonly range: Range; readonly now: HostNow | null }

/** One chart with its own question, kept up to date as fast as its buckets change. */
export function SeriesCard({ chart, range, now }: SeriesProps) {
  const names = chart.lines.map(({ series }) => series)
  const query = () => {
    const width = Math.min(WIDEST_PX, window.innerWidth)
    const { fromMs, toMs, points } = seriesQuestion(names, range, Date.now(), width)
    return { name: names.join(','), from: fromMs, to: toMs, points }
  }
  const resource = useResource((signal) => getSeries(query(), signal), [range, names.join()], refreshMs(range))
  const title = t(`hostView.${chart.title}`)
  return (
    <Card
      title={title}
      width="wide"
      stale={resource.stale}
      asOf={resource.data?.asOf ?? null}
      aside={
        <a href={addressOf('api/series', { ...query(), format: 'csv' })} download>
          {t('hostView.csv')}
          <span class="sr-only">: {title}</span>
        </a>
      }
    >
      <KnownAnswer resource={resource}>{(series) => <Drawn {...{ chart, series, title, now }} />}</KnownAnswer>
    </Card>
  )
}

type DrawnProps = {
  readonly chart: HostChart
  readonly series: Series
  readonly title: string
  readonly now: HostNow | null
}

function Drawn({ chart, series, title, now }: DrawnProps) {
  const spoken = language.value
  const lines = useMemo(() => linesOf(chart, series), [chart, series, spoken])
  if (lines.length === 0) return <EmptyState text={t('hostView.noMetrics')} />
  const top = topOf(chart, now)
  return (
    <TimeChart
      name={title}
      at={series.at}
      lines={lines}
      format={(value) => formatUnit(value, chart.unit)}
      {...(top === null ? {} : { top })}
    />
  )
}

/** Lines that have nothing at all are left out: a process that was never there is no line at zero. */
function linesOf({ lines, hasBand }: HostChart, { columns }: Series) {
  return lines.flatMap(({ series, label }) => {
    const column = columns.find(({ name }) => name === series)
    if (!column?.mean.some((value) => value !== null)) return []
    const words = label === null ? (series.split('.')[0] ?? series) : t(`hostView.${label}`)
    return [{ label: words, values: column.mean, ...(hasBand ? { min: column.min, max: column.max } : {}) }]
  })
}

function topOf({ top }: HostChart, now: HostNow | null): number | null {
  if (top === undefined) return null
  return top === 'one' ? 1 : (now?.[top] ?? null)
}

function formatUnit(value: number | null, unit: HostChart['unit']): string {
  const now = language.value
  if (unit === 'share') return formatShare(value, now, 1)
  if (unit === 'bytes') return formatBytes(value, now)
  if (unit === 'bytes/s') return value === null ? formatBytes(value, now) : `${formatBytes(value, now)}/s`
  return unit === 'ms' ? formatDuration(value, now) : formatCount(value, now)
}
