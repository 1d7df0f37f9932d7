import './logs.css'
import { useState } from 'preact/hooks'
import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import type { LogLine } from '../../../../contractViews.ts'
import { formatCount } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { Card } from '../../design/Card.tsx'
import { EmptyState, ErrorNote, Loading, Notice } from '../../design/Notes.tsx'
import { LogFilters } from './LogFilters.tsx'
import { LogRow } from './LogRow.tsx'
import { type LogFilter, useLogLines } from './useLogLines.ts'

const t = sayFrom(dashboardViewsMessages)

/** What the programs wrote, newest first: filtered, followed, and back to the oldest line that is kept. */
export function LogsView() {
  const [filter, setFilter] = useState<LogFilter>({ app: '', level: 'info', q: '' })
  const [isFollowing, setFollowing] = useState(true)
  const { lines, next, hasGap, resource, older, anew, isLoadingOlder } = useLogLines(filter, isFollowing)
  return (
    <div class="cards">
      <Card
        title={t('logsView.lines')}
        width="full"
        stale={resource.stale}
        asOf={resource.data?.asOf ?? null}
        aside={
          <Button pressed={isFollowing} onClick={() => setFollowing(!isFollowing)}>
            {t('logsView.follow')}
          </Button>
        }
      >
        <LogFilters filter={filter} onChange={setFilter} />
        <p class="soft" role="status">
          {t('logsView.count', { count: formatCount(lines.length, language.value) })}
          {isFollowing && ` · ${t('logsView.following')}`}
        </p>
        {resource.failure && <ErrorNote reason={resource.failure.reason} onRetry={resource.reload} />}
        {resource.isLoading && <Loading />}
        {hasGap && (
          <Notice>
            <p>{t('logsView.gap')}</p>
            <Button onClick={anew}>{t('logsView.reload')}</Button>
          </Notice>
        )}
        <LineList lines={lines} isEmpty={resource.data !== null && lines.length === 0 && next === null} />
        {next !== null && (
          <div class="row">
            <Button onClick={older} isBusy={isLoadingOlder}>
              {t('logsView.older')}
            </Button>
          </div>
        )}
        {next === null && lines.length > 0 && <p class="soft">{t('logsView.oldest')}</p>}
      </Card>
    </div>
  )
}

function LineList({ lines, isEmpty }: { lines: readonly LogLine[]; isEmpty: boolean }) {
  if (isEmpty) return <EmptyState text={t('logsView.none')} />
  return (
    <ol class="log-lines" aria-label={t('logsView.lines')}>
      {lines.map((line, at) => (
        // The same line can stand there twice; counted from the oldest, a line keeps its place while newer ones come.
        <LogRow key={lines.length - at} line={line} />
      ))}
    </ol>
  )
}
