import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import type { CostLine } from '../../../../contractViews.ts'
import { formatCompact, formatCount, formatUsd } from '../../app/format.ts'
import { linkTo } from '../../app/router.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { Figure, FigureList } from '../../design/Figure.tsx'
import { type Column, Table } from '../../design/Table.tsx'
import { VisibleText } from '../../design/VisibleText.tsx'
import { costsCsv, sumLines } from './costFigures.ts'
import { saveCsv } from './saveFile.ts'

const t = sayFrom(dashboardViewsMessages)

type By = 'model' | 'day' | 'session' | 'job'
type TableProps = { readonly by: By; readonly rows: readonly CostLine[] }

/** On what the money went; its sum, and the same as a file. */
export function CostTable({ by, rows }: TableProps) {
  const total = sumLines(rows)
  const now = language.value
  return (
    <>
      <Table
        caption={t('costsView.lines', { by: t(`costsView.by.${by}`) })}
        columns={columns(by)}
        rows={rows}
        rowKey={({ key }) => key}
        empty={t('costsView.none')}
      />
      {rows.length > 0 && (
        <FigureList>
          <Figure label={`${t('costsView.total')}: ${t('costsView.usd')}`} value={formatUsd(total.usd, now)} />
          <Figure label={t('costsView.calls')} value={formatCount(total.calls, now)} />
          <Figure label={t('costsView.input')} value={formatCompact(total.inputTokens, now)} />
          <Figure label={t('costsView.output')} value={formatCompact(total.outputTokens, now)} />
        </FigureList>
      )}
      <div class="row">
        <Button disabled={rows.length === 0} onClick={() => saveCsv(`ottugi-costs-${by}.csv`, costsCsv(by, rows))}>
          {t('costsView.csv')}
        </Button>
      </div>
    </>
  )
}

function columns(by: By): Column<CostLine>[] {
  const now = language.value
  return [
    {
      key: 'key',
      label: t(`costsView.by.${by}`),
      isName: true,
      value: ({ key }) => key,
      cell: ({ key }) => <Key by={by} name={key} />,
    },
    {
      key: 'usd',
      label: t('costsView.usd'),
      align: 'end',
      value: ({ usd }) => usd,
      cell: ({ usd, calls, unpricedCalls }) => formatUsd(calls > 0 && unpricedCalls === calls ? null : usd, now),
    },
    count('calls', t('costsView.calls')),
    count('inputTokens', t('costsView.input')),
    count('cachedTokens', t('costsView.cached')),
    count('outputTokens', t('costsView.output')),
  ]
}

type Counted = 'calls' | 'inputTokens' | 'cachedTokens' | 'outputTokens'

function count(key: Counted, label: string): Column<CostLine> {
  const format = key === 'calls' ? formatCount : formatCompact
  return { key, label, align: 'end', value: (line) => line[key], cell: (line) => format(line[key], language.value) }
}

function Key({ by, name }: { by: By; name: string }) {
  if (name === '') return <span class="soft">{t('costsView.noKey')}</span>
  if (by !== 'session') return <VisibleText text={name} limit={200} />
  return (
    <a href={linkTo('sessions', name)}>
      <VisibleText text={name} limit={200} />
    </a>
  )
}
