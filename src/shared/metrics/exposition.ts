/** PURE: figures as Prometheus reads them, text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). */

/** One figure. A value that is null is not known, and not told. */
export type Sample = {
  readonly value: number | null
  readonly labels?: Readonly<Record<string, string>>
  /** Ends the name: only for a summary. */
  readonly part?: '_sum' | '_count'
}

/** Figures of one name. Base units; counters end in `_total`. */
export type Metric = {
  readonly name: `ottugi_${string}`
  readonly type: 'counter' | 'gauge' | 'summary'
  readonly help: string
  readonly samples: readonly Sample[]
}

/** The media type of the text. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Something that goes up and down. */
export function gauge(name: Metric['name'], help: string, value: number | null | readonly Sample[]): Metric {
  return { name, type: 'gauge', help, samples: samplesOf(value) }
}

/** Something that only grows, until its process starts anew. */
export function counter(
  name: `ottugi_${string}_total`,
  help: string,
  value: number | null | readonly Sample[],
): Metric {
  return { name, type: 'counter', help, samples: samplesOf(value) }
}

function samplesOf(value: number | null | readonly Sample[]): readonly Sample[] {
  return typeof value === 'object' && value !== null ? value : [{ value }]
}

/** All of them as text. A name without a known figure is left out. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics.map(render).join('')
}

function render({ name, type, help, samples }: Metric): string {
  const lines = samples.flatMap(({ labels, value, part = '' }) =>
    value === null ? [] : [`${name}${part}${labelsOf(labels)} ${numberOf(value)}\n`],
  )
  if (lines.length === 0) return ''
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelsOf(labels: Sample['labels']): string {
  const pairs = Object.entries(labels ?? {}).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`,
  )
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

function escaped(text: string): string {
  return text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', ' ')
}

function numberOf(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}
