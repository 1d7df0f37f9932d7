import { useEffect, useState } from 'preact/hooks'
import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import type { FoundText, SessionSummary } from '../../../../../src/shared/sessions/recorded.ts'
import { formatCompact, formatCount, formatUsd } from '../../app/format.ts'
import { linkTo } from '../../app/router.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { Card } from '../../design/Card.tsx'
import { EmptyState } from '../../design/Notes.tsx'
import { Status } from '../../design/Status.tsx'
import { type Column, Table } from '../../design/Table.tsx'
import { Time } from '../../design/Time.tsx'
import { VisibleText } from '../../design/VisibleText.tsx'
import { getSessions } from '../../live/api.ts'
import { useResource } from '../../live/useResource.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'

const t = sayFrom(dashboardSessionsMessages)

const PAGE = 50
const MOST = 500
const PAUSE_MS = 300

/** All sessions, newest first, and the places where words were said. */
export function SessionList() {
  const [typed, setTyped] = useState('')
  const [limit, setLimit] = useState(PAGE)
  const q = useSettled(typed.trim(), PAUSE_MS)
  const resource = useResource((signal) => getSessions({ q, limit }, signal), [q, limit])
  return (
    <Card title={t('sessionsView.back')} width="full" stale={resource.stale} asOf={resource.data?.asOf ?? null}>
      <label class="field">
        <span>{t('sessionsView.search')}</span>
        <input type="search" value={typed} onInput={({ currentTarget }) => setTyped(currentTarget.value)} />
      </label>
      <KnownAnswer resource={resource}>
        {({ sessions, found }) => (
          <>
            {q !== '' && <FoundList found={found} q={q} />}
            {q === '' && <SessionTable sessions={sessions} />}
            {q === '' && sessions.length >= limit && limit < MOST && (
              <Button onClick={() => setLimit(limit + PAGE)}>{t('sessionsView.more')}</Button>
            )}
          </>
        )}
      </KnownAnswer>
    </Card>
  )
}

/** What was typed, once nobody has typed for a moment. */
function useSettled(value: string, pauseMs: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value, pauseMs])
  return settled
}

function SessionTable({ sessions }: { sessions: readonly SessionSummary[] }) {
  return (
    <Table
      caption={t('sessionsView.title')}
      columns={columns()}
      rows={sessions}
      rowKey={({ session }) => session}
      empty={t('sessionsView.none')}
    />
  )
}

function columns(): Column<SessionSummary>[] {
  const now = language.value
  return [
    {
      key: 'title',
      label: t('sessionsView.colTitle'),
      isName: true,
      value: ({ title }) => title,
      cell: ({ session, title }) => (
        <a href={linkTo('sessions', session)}>
          <VisibleText text={title || session} limit={120} />
        </a>
      ),
    },
    {
      key: 'last',
      label: t('sessionsView.colLast'),
      value: ({ lastAt }) => lastAt,
      cell: ({ lastAt }) => <Time at={lastAt} as="relative" />,
    },
    {
      key: 'state',
      label: t('sessionsView.colState'),
      value: ({ state }) => state,
      cell: (row) => <SessionState {...row} />,
    },
    {
      key: 'runs',
      label: t('sessionsView.colRuns'),
      align: 'end',
      value: ({ runs }) => runs,
      cell: ({ runs }) => formatCount(runs, now),
    },
    {
      key: 'tokens',
      label: t('sessionsView.colTokens'),
      align: 'end',
      value: ({ tokens }) => tokens,
      cell: ({ tokens }) => formatCompact(tokens, now),
    },
    {
      key: 'cost',
      label: t('sessionsView.colCost'),
      align: 'end',
      value: ({ costUsd }) => costUsd,
      cell: ({ costUsd }) => formatUsd(costUsd, now),
    },
  ]
}

/** Works it or rests it. */
export function SessionState({ state }: Pick<SessionSummary, 'state'>) {
  return <Status tone={state === 'working' ? 'busy' : 'idle'} word={t(`sessionsView.${state}`)} />
}

function FoundList({ found, q }: { found: readonly FoundText[]; q: string }) {
  if (found.length === 0) return <EmptyState text={t('sessionsView.notFound', { q })} />
  return (
    <section aria-label={t('sessionsView.found')}>
      <p class="soft" role="status">
        {t('sessionsView.foundCount', { count: found.length })}
      </p>
      <ul class="found-list">
        {found.map(({ seq, session, run, who, at, excerpt }) => (
          <li key={seq}>
            <a href={linkTo('sessions', session, { run })}>
              <VisibleText text={excerpt} limit={400} />
            </a>
            <span class="soft">
              {t(`sessionsView.${who}`)} · <Time at={at} as="relative" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
