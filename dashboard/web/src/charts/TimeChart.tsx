import { useEffect, useRef, useState } from 'preact/hooks'
import { formatClock, formatMoment } from '../app/format.ts'
import { pageMessages } from '../app/pageMessages.ts'
import { schemeTurn } from '../app/preferences.ts'
import { language, sayFrom } from '../app/text.ts'
import { EmptyState } from '../design/Notes.tsx'
import { Table } from '../design/Table.tsx'
import { readColours } from './chartColours.ts'
import { type ChartLine, latestPlace } from './chartLine.ts'
import type { drawChart } from './drawChart.ts'

const t = sayFrom(pageMessages)
const HEIGHT_PX = 190

type TimeChartProps = {
  /** What is shown: the name for a screen reader and of the table. */
  readonly name: string
  /** Milliseconds of the wall clock, one for each value. */
  readonly at: readonly number[]
  readonly lines: readonly ChartLine[]
  readonly format: (value: number | null) => string
  readonly kind?: 'line' | 'bar'
  readonly isStacked?: boolean
  /** The axis reaches at least to here. */
  readonly top?: number
  readonly height?: number
}

/** A chart over time, with the same figures as a table one click away. Its name says its latest values. */
export function TimeChart(props: TimeChartProps) {
  const { name, at, lines, format } = props
  const [isTable, setTable] = useState(false)
  const says = t(isTable ? 'page.chart.asChart' : 'page.chart.asTable')
  if (latestPlace(lines) < 0) return <EmptyState text={t('page.chart.empty')} />
  return (
    <figure class="chart">
      <div class="chart-head">
        <figcaption class="soft">{name}</figcaption>
        {(lines.length > 1 || lines[0]?.label !== name) && <Legend lines={lines} />}
        <button
          type="button"
          class="link-button chart-switch"
          aria-label={`${says}: ${name}`}
          onClick={() => setTable(!isTable)}
        >
          {says}
        </button>
      </div>
      {isTable ? <Twin name={name} at={at} lines={lines} format={format} /> : <Drawn {...props} />}
    </figure>
  )
}

function Drawn({ name, at, lines, format, kind = 'line', isStacked = false, top, height = HEIGHT_PX }: TimeChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<ReturnType<typeof drawChart> | null>(null)
  const draw = useRef<() => void>(() => undefined)
  draw.current = () => {
    const parent = canvas.current?.parentElement
    if (!parent || !chart.current) return
    const colours = readColours(parent)
    chart.current.update({ kind, isStacked, at, lines, format, top: top ?? null, colours, language: language.peek() })
  }
  useChart(canvas, chart, kind, () => draw.current())
  useEffect(() => draw.current(), [at, lines, schemeTurn.value, language.value])
  return (
    <div
      class="chart-box"
      role="img"
      aria-label={nameWithLatest(name, at, lines, format)}
      style={{ blockSize: `${height}px` }}
    >
      <canvas ref={canvas} />
    </div>
  )
}

type Drawn = ReturnType<typeof drawChart>

/** Loads the library and keeps one chart on the canvas until the component goes. */
function useChart(
  canvas: { readonly current: HTMLCanvasElement | null },
  chart: { current: Drawn | null },
  kind: 'line' | 'bar',
  onReady: () => void,
): void {
  useEffect(() => {
    let isGone = false
    void import('./drawChart.ts').then(({ drawChart: begin }) => {
      if (isGone || !canvas.current?.parentElement) return
      const colours = readColours(canvas.current.parentElement)
      const nothing = {
        kind,
        isStacked: false,
        at: [],
        lines: [],
        format: String,
        top: null,
        language: language.peek(),
      }
      chart.current = begin(canvas.current, { ...nothing, colours })
      onReady()
    })
    return () => {
      isGone = true
      chart.current?.destroy()
      chart.current = null
    }
  }, [kind])
}

function nameWithLatest(
  name: string,
  at: readonly number[],
  lines: readonly ChartLine[],
  format: TimeChartProps['format'],
): string {
  const place = latestPlace(lines)
  const moment = at[place]
  if (moment === undefined) return t('page.chart.nothing', { name })
  const values = lines.map(({ label, values: column }) => `${label} ${format(column[place] ?? null)}`).join(', ')
  return t('page.chart.name', { name, at: formatClock(moment, Date.now(), language.value), values })
}

function Legend({ lines }: { lines: readonly ChartLine[] }) {
  return (
    <ul class="legend">
      {lines.map(({ label }, place) => (
        <li key={label}>
          <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true" class={`series-${(place % 6) + 1}`}>
            <path
              d="M0 4h24"
              stroke="currentColor"
              stroke-width="2.4"
              stroke-dasharray={DASHES[place % DASHES.length]}
            />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  )
}

/** As the lines of the chart. */
const DASHES = ['none', '6 3', '2 2', '8 3 2 3', '1 3', '12 4']

function Twin({ name, at, lines, format }: Pick<TimeChartProps, 'name' | 'at' | 'lines' | 'format'>) {
  // Newest first: that is what is asked for.
  const rows = at.map((moment, place) => ({ moment, place })).toReversed()
  return (
    <div class="chart-twin">
      <Table
        caption={name}
        empty={t('page.chart.empty')}
        rows={rows}
        rowKey={({ moment }) => String(moment)}
        columns={[
          {
            key: 'at',
            label: t('page.chart.time'),
            isName: true,
            cell: ({ moment }) => formatMoment(moment, language.value),
            value: ({ moment }) => moment,
          },
          ...lines.map(({ label, values }) => ({
            key: label,
            label,
            align: 'end' as const,
            cell: ({ place }: { place: number }) => format(values[place] ?? null),
            value: ({ place }: { place: number }) => values[place] ?? null,
          })),
        ]}
      />
    </div>
  )
}
