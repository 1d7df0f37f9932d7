/** Chart.js, tuned: no animation, nothing parsed or sorted again, only the parts that are used. Loaded when the first chart is shown. */
import {
  BarController,
  BarElement,
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  Decimation,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js'
import type { Language } from '../../../../src/shared/messages/message.ts'
import { type ChartColours, faded } from './chartColours.ts'
import { type ChartLine, type Point, pointsOf, stepOf } from './chartLine.ts'
import { timeLabel, timeTicks } from './timeTicks.ts'

Chart.register(
  BarController,
  BarElement,
  Decimation,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
)

/** What is drawn. */
export type Drawing = {
  readonly kind: 'line' | 'bar'
  readonly isStacked: boolean
  /** Milliseconds of the wall clock. */
  readonly at: readonly number[]
  readonly lines: readonly ChartLine[]
  readonly format: (value: number | null) => string
  /** The axis reaches at least to here: 1 for a share. */
  readonly top: number | null
  readonly colours: ChartColours
  readonly language: Language
}

type Kind = 'line' | 'bar'
type Dataset = ChartDataset<Kind, Point[]>
/** Lines are told apart without colour, too. */
const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [12, 4]]
const TICK_ROOM_PX = 90

/** Draws onto a canvas. `update` draws other figures in place; `destroy` frees everything. */
export function drawChart(
  canvas: HTMLCanvasElement,
  first: Drawing,
): { readonly update: (next: Drawing) => void; readonly destroy: () => void } {
  const chart = new Chart<Kind, Point[]>(canvas, configuration(first))
  return {
    update: (next) => {
      chart.data.datasets = datasets(next)
      chart.options = optionsOf(next)
      chart.update('none')
    },
    destroy: () => chart.destroy(),
  }
}

function configuration(drawing: Drawing): ChartConfiguration<Kind, Point[]> {
  return { type: drawing.kind, data: { datasets: datasets(drawing) }, options: optionsOf(drawing) }
}

function datasets({ kind, at, lines, colours }: Drawing): Dataset[] {
  return lines.flatMap((line, place): Dataset[] => {
    const colour = colours.series[place % colours.series.length] ?? colours.ink
    const main: Dataset = {
      type: kind,
      label: line.label,
      data: pointsOf(at, line.values),
      borderColor: colour,
      backgroundColor: kind === 'bar' ? colour : faded(colour),
      ...(kind === 'line' && { borderDash: DASHES[place % DASHES.length] ?? [] }),
    }
    return [main, ...band(line, at, colour)]
  })
}

/** The band is two lines without ink, the upper one filled down to the lower. */
function band({ min, max }: ChartLine, at: readonly number[], colour: string): Dataset[] {
  if (!min || !max) return []
  const edge = { type: 'line', borderWidth: 0, borderColor: 'transparent', backgroundColor: faded(colour) } as const
  return [
    { ...edge, data: pointsOf(at, min), fill: false },
    { ...edge, data: pointsOf(at, max), fill: '-1' },
  ]
}

function optionsOf(drawing: Drawing): NonNullable<ChartConfiguration<Kind, Point[]>['options']> {
  const { isStacked, colours, format, top } = drawing
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    events: ['mousemove', 'mouseout', 'touchstart'],
    interaction: { mode: 'index', intersect: false },
    elements: {
      point: { radius: 0, hoverRadius: 3 },
      line: { borderWidth: 1.6, tension: 0 },
      bar: { borderRadius: 3 },
    },
    scales: {
      x: timeScale(drawing),
      y: {
        type: 'linear',
        stacked: isStacked,
        beginAtZero: true,
        ...(top !== null && { suggestedMax: top }),
        border: { display: false },
        grid: { color: colours.grid },
        ticks: { color: colours.ink, maxTicksLimit: 5, callback: (value) => format(Number(value)) },
      },
    },
    plugins: { decimation: { enabled: true, algorithm: 'min-max' }, tooltip: tooltip(drawing) },
  }
}

function timeScale({ at, isStacked, kind, colours, language }: Drawing) {
  // A bar stands around its moment: the axis leaves it room at both ends.
  const room = kind === 'bar' ? stepOf(at) / 2 || 43_200_000 : 0
  const min = (at[0] ?? 0) - room
  const max = (at.at(-1) ?? 1) + room
  return {
    type: 'linear' as const,
    stacked: isStacked,
    // Bars would widen the axis by themselves, and by more than the room above.
    offset: false,
    min,
    max,
    grid: { display: false },
    border: { color: colours.grid },
    ticks: {
      color: colours.ink,
      maxRotation: 0,
      callback: (value: number | string) => timeLabel(Number(value), max - min, language),
    },
    afterBuildTicks: (axis: { width: number; ticks: { value: number }[] }) => {
      axis.ticks = timeTicks(min, max, Math.max(2, Math.floor(axis.width / TICK_ROOM_PX))).map((value) => ({ value }))
    },
  }
}

function tooltip({ format, language, at }: Drawing) {
  const windowMs = (at.at(-1) ?? 0) - (at[0] ?? 0)
  return {
    // The edges of a band have no label and no line of their own.
    filter: ({ dataset }: { dataset: { label?: string | undefined } }) => dataset.label !== undefined,
    callbacks: {
      title: (items: readonly { parsed: { x: number | null } }[]) =>
        timeLabel(items[0]?.parsed.x ?? 0, Math.min(windowMs, 86_400_000), language),
      label: ({ dataset, parsed }: { dataset: { label?: string | undefined }; parsed: { y: number | null } }) =>
        `${dataset.label ?? ''}: ${format(parsed.y)}`,
    },
  }
}
