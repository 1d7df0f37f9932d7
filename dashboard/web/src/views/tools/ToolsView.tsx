import './tools.css'
import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import { formatCount, formatDuration, formatShare } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { Notice } from '../../design/Notes.tsx'
import { Status } from '../../design/Status.tsx'
import { type Column, Table } from '../../design/Table.tsx'
import { VisibleBeginning, VisibleText } from '../../design/VisibleText.tsx'
import { getTools } from '../../live/api.ts'
import { useResource } from '../../live/useResource.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'
import { Jobs } from './Jobs.tsx'
import { failedShare, type ToolRow, toolRows } from './toolRows.ts'

const t = sayFrom(dashboardViewsMessages)

/** What the agent can do, how that went in the last day, and the jobs that run by themselves. */
export function ToolsView() {
  const resource = useResource(getTools, [])
  const asOf = resource.data?.asOf ?? null
  return (
    <div class="cards">
      <Card title={t('toolsView.jobs')} width="full" stale={resource.stale} asOf={asOf}>
        <KnownAnswer resource={resource}>{({ jobs }) => <Jobs jobs={jobs} onChanged={resource.reload} />}</KnownAnswer>
      </Card>
      <Card title={t('toolsView.title')} width="full" stale={resource.stale} asOf={asOf}>
        {resource.data && resource.data.tools === null && <Notice tone="unknown">{t('toolsView.down')}</Notice>}
        {resource.data && (
          <Table
            caption={t('toolsView.figures')}
            columns={columns(resource.data.tools !== null)}
            rows={toolRows(resource.data)}
            rowKey={({ name }) => name}
            empty={t('toolsView.none')}
          />
        )}
      </Card>
    </div>
  )
}

function columns(isAnswered: boolean): Column<ToolRow>[] {
  return [
    {
      key: 'name',
      label: t('toolsView.name'),
      isName: true,
      value: ({ name }) => name,
      cell: (row) => <Name row={row} />,
    },
    {
      key: 'state',
      label: t('toolsView.state'),
      value: ({ offered }) => (offered ? Number(offered.available) : null),
      cell: ({ offered }) => <ToolState offered={offered} isAnswered={isAnswered} />,
    },
    {
      key: 'safety',
      label: t('toolsView.safety'),
      value: ({ offered }) => offered?.safety ?? null,
      cell: ({ offered }) => safetyWord(offered?.safety ?? null),
    },
    {
      key: 'risk',
      label: t('toolsView.risk'),
      align: 'end',
      ...number(({ offered }) => offered?.risk ?? null, formatCount),
    },
    {
      key: 'runs',
      label: t('toolsView.runs'),
      align: 'end',
      ...number(({ figures }) => figures?.runs ?? null, formatCount),
    },
    { key: 'failed', label: t('toolsView.failed'), align: 'end', ...number(failedShare, formatShare) },
    {
      key: 'median',
      label: t('toolsView.median'),
      align: 'end',
      ...number(({ figures }) => figures?.medianMs ?? null, formatDuration),
    },
    {
      key: 'p95',
      label: t('toolsView.p95'),
      align: 'end',
      ...number(({ figures }) => figures?.p95Ms ?? null, formatDuration),
    },
  ]
}

type Format = (value: number | null, now: typeof language.value) => string

function number(value: (row: ToolRow) => number | null, format: Format): Pick<Column<ToolRow>, 'value' | 'cell'> {
  return { value, cell: (row) => format(value(row), language.value) }
}

function Name({ row: { name, offered } }: { row: ToolRow }) {
  if (!offered)
    return (
      <code>
        <VisibleText text={name} />
      </code>
    )
  return (
    <details class="tool-name">
      <summary>
        <code>
          <VisibleBeginning text={name} />
        </code>
      </summary>
      <p class="soft">
        <VisibleText text={offered.description} />
      </p>
    </details>
  )
}

function ToolState({ offered, isAnswered }: Pick<ToolRow, 'offered'> & { isAnswered: boolean }) {
  if (!offered) {
    return (
      <Status tone={isAnswered ? 'idle' : 'unknown'} word={t(isAnswered ? 'toolsView.gone' : 'toolsView.unknown')} />
    )
  }
  return (
    <>
      <Status
        tone={offered.available ? 'good' : 'warn'}
        word={t(offered.available ? 'toolsView.on' : 'toolsView.off')}
      />
      {offered.why && (
        <p class="soft">
          <VisibleText text={offered.why} />
        </p>
      )}
    </>
  )
}

function safetyWord(safety: string | null): string {
  if (safety === null) return formatCount(null, language.value)
  const key = `toolsView.safety.${safety}`
  return Object.hasOwn(dashboardViewsMessages, key) ? t(key as 'toolsView.safety.pure') : safety
}
