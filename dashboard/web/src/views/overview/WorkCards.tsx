import type { ModelFigures, ToolFigures } from '../../../../contract.ts'
import { formatCompact, formatCount, formatDuration, formatShare, formatUsd } from '../../app/format.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { type Column, Table } from '../../design/Table.tsx'
import { VisibleText } from '../../design/VisibleText.tsx'
import type { PartProps } from './partProps.ts'

const t = sayFrom(pageMessages)

/** What the models did in a day. */
export function ModelsCard({ overview: { models, asOf }, stale }: PartProps) {
  const lang = language.value
  const columns: Column<ModelFigures>[] = [
    {
      key: 'model',
      label: t('page.over.model'),
      isName: true,
      cell: ({ model }) => <VisibleText text={model} />,
      value: ({ model }) => model,
    },
    {
      key: 'calls',
      label: t('page.over.calls'),
      align: 'end',
      cell: ({ calls }) => formatCount(calls, lang),
      value: ({ calls }) => calls,
    },
    ...failedColumn<ModelFigures>(({ failed, calls }) => [failed, calls]),
    {
      key: 'tokens',
      label: t('page.over.tokens'),
      align: 'end',
      cell: ({ tokens }) => formatCompact(tokens, lang),
      value: ({ tokens }) => tokens,
    },
    {
      key: 'usd',
      label: t('page.over.cost'),
      align: 'end',
      cell: ({ usd }) => formatUsd(usd, lang),
      value: ({ usd }) => usd,
    },
    ...latencyColumns<ModelFigures>(),
  ]
  return (
    <Card title={t('page.over.models')} width="wide" stale={stale} asOf={asOf}>
      <Table
        caption={t('page.over.models')}
        columns={columns}
        rows={models}
        rowKey={({ model }) => model}
        empty={t('page.over.noModels')}
      />
    </Card>
  )
}

/** What the tools did in a day. */
export function ToolsCard({ overview: { tools, asOf }, stale }: PartProps) {
  return (
    <Card title={t('page.over.tools')} width="wide" stale={stale} asOf={asOf}>
      <ToolTable tools={tools} />
    </Card>
  )
}

function ToolTable({ tools }: { tools: readonly ToolFigures[] }) {
  const columns: Column<ToolFigures>[] = [
    {
      key: 'tool',
      label: t('page.over.tool'),
      isName: true,
      cell: ({ tool }) => <VisibleText text={tool} />,
      value: ({ tool }) => tool,
    },
    {
      key: 'runs',
      label: t('page.over.runs'),
      align: 'end',
      cell: ({ runs }) => formatCount(runs, language.value),
      value: ({ runs }) => runs,
    },
    ...failedColumn<ToolFigures>(({ failed, runs }) => [failed, runs]),
    ...latencyColumns<ToolFigures>(),
  ]
  return (
    <Table
      caption={t('page.over.tools')}
      columns={columns}
      rows={tools}
      rowKey={({ tool }) => tool}
      empty={t('page.over.noTools')}
    />
  )
}

/** "2 (4 %)": how many of how many did not end well. */
function failedColumn<Row>(figures: (row: Row) => readonly [failed: number, all: number]): Column<Row>[] {
  const cell = (row: Row) => {
    const [failed, all] = figures(row)
    const share = failed > 0 && all > 0 ? ` (${formatShare(failed / all, language.value)})` : ''
    return `${formatCount(failed, language.value)}${share}`
  }
  return [{ key: 'failed', label: t('page.over.failed'), align: 'end', cell, value: (row) => figures(row)[0] }]
}

function latencyColumns<
  Row extends { readonly medianMs: number | null; readonly p95Ms: number | null },
>(): Column<Row>[] {
  return [
    {
      key: 'median',
      label: t('page.over.median'),
      align: 'end',
      cell: ({ medianMs }) => formatDuration(medianMs, language.value),
      value: ({ medianMs }) => medianMs,
    },
    {
      key: 'p95',
      label: t('page.over.p95'),
      align: 'end',
      cell: ({ p95Ms }) => formatDuration(p95Ms, language.value),
      value: ({ p95Ms }) => p95Ms,
    },
  ]
}
