import { useMemo } from 'preact/hooks'
import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import type { SessionSummary } from '../../../../../src/shared/sessions/recorded.ts'
import { formatCompact, formatCount, formatUsd } from '../../app/format.ts'
import { linkTo } from '../../app/router.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { Figure, FigureList } from '../../design/Figure.tsx'
import { EmptyState } from '../../design/Notes.tsx'
import { Shape } from '../../design/Status.tsx'
import { Time } from '../../design/Time.tsx'
import { VisibleText } from '../../design/VisibleText.tsx'
import { visibleIn } from '../../design/visible.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'
import { RunView } from './RunView.tsx'
import { type RunStory, runsIn } from './runStory.ts'
import { SessionActions } from './SessionActions.tsx'
import { SessionState } from './SessionList.tsx'
import { endState } from './stepWords.ts'
import { useLiveJournal } from './useLiveJournal.ts'

const t = sayFrom(dashboardSessionsMessages)

type DetailProps = { readonly session: string; readonly chosenRun: string | null }

/** One session: what it is, what can be done with it, and its runs; the newest one is open unless another was chosen. */
export function SessionDetail({ session, chosenRun }: DetailProps) {
  const { resource, events } = useLiveJournal(session)
  const runs = useMemo(() => runsIn(events), [events])
  const run = runs.find((one) => one.run === chosenRun) ?? runs.at(-1)
  const summary = resource.data?.session ?? null
  return (
    <div class="cards">
      <p class="back">
        <a href={linkTo('sessions')}>← {t('sessionsView.back')}</a>
      </p>
      <Card
        title={visibleIn(summary?.title || session)}
        width="full"
        stale={resource.stale}
        asOf={resource.data?.asOf ?? null}
      >
        <KnownAnswer resource={resource}>
          {() => (
            <>
              {!summary && events.length === 0 && <EmptyState text={t('sessionsView.unknown')} />}
              {summary && <Facts summary={summary} runs={runs} />}
              {summary && <SessionActions summary={summary} onChanged={resource.reload} />}
            </>
          )}
        </KnownAnswer>
      </Card>
      {runs.length > 1 && <RunList {...{ session, runs }} current={run?.run ?? null} />}
      {run && <RunView key={run.run} run={run} number={runs.indexOf(run) + 1} />}
    </div>
  )
}

function Facts({ summary, runs }: { summary: SessionSummary; runs: readonly RunStory[] }) {
  const now = language.value
  const isWorking = runs.length > 0 && runs.some(({ finish }) => finish === null)
  return (
    <>
      <p class="fact-line">
        <SessionState state={isWorking ? 'working' : 'idle'} />
        <code>
          <VisibleText text={summary.session} />
        </code>
        {summary.branchOf && <a href={linkTo('sessions', summary.branchOf.session)}>{t('sessionsView.branchOf')}</a>}
      </p>
      <FigureList>
        <Figure label={t('sessionsView.colRuns')} value={formatCount(Math.max(runs.length, summary.runs), now)} />
        <Figure label={t('sessionsView.colTokens')} value={formatCompact(summary.tokens, now)} />
        <Figure label={t('sessionsView.colCost')} value={formatUsd(summary.costUsd, now)} />
      </FigureList>
    </>
  )
}

type RunListProps = {
  readonly session: string
  readonly runs: readonly RunStory[]
  readonly current: string | null
}

function RunList({ session, runs, current }: RunListProps) {
  return (
    <Card title={t('sessionsView.runs')} width="full">
      <ol class="run-list" reversed>
        {runs.toReversed().map(({ run, question, startedAt, finish, costUsd }) => (
          <li key={run} class={run === current ? 'is-current' : ''}>
            <a href={linkTo('sessions', session, { run })} aria-current={run === current ? 'true' : undefined}>
              <Shape tone={finish === null ? 'busy' : endState({ finish }).tone} />
              <span class="run-question">
                <VisibleText text={question.slice(0, 200)} />
              </span>
              <span class="soft">
                {finish === null ? t('sessionsView.working') : endState({ finish }).word} ·{' '}
                {formatUsd(costUsd, language.value)} · <Time at={startedAt} as="relative" />
              </span>
            </a>
          </li>
        ))}
      </ol>
    </Card>
  )
}
