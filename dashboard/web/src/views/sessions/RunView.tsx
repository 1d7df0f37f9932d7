import { useMemo, useState } from 'preact/hooks'
import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import { askAction } from '../../app/actions.ts'
import { formatCount, formatDuration, formatUsd } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { Card } from '../../design/Card.tsx'
import { Figure, FigureList } from '../../design/Figure.tsx'
import { Time } from '../../design/Time.tsx'
import { foldSteps } from './foldSteps.ts'
import { Replay } from './Replay.tsx'
import { RerunDialog } from './RerunDialog.tsx'
import type { RunStory } from './runStory.ts'
import { StepView } from './StepView.tsx'
import type { Step } from './step.ts'

const t = sayFrom(dashboardSessionsMessages)

/** One run, step by step: live while it goes on, and once more in its own pace as a replay. */
export function RunView({ run, number }: { run: RunStory; number: number }) {
  const [shown, setShown] = useState<number | null>(null)
  const [from, setFrom] = useState<Step | null>(null)
  const events = useMemo(() => (shown === null ? run.events : run.events.slice(0, shown)), [run.events, shown])
  const steps = useMemo(() => foldSteps(events), [events])
  const isReplaying = shown !== null
  return (
    <Card
      title={t('sessionsView.runNumber', { number })}
      width="full"
      aside={<RunButtons run={run} {...{ isReplaying }} onReplay={() => setShown(isReplaying ? null : 1)} />}
    >
      <RunFigures run={run} />
      {isReplaying && <Replay events={run.events} onShown={setShown} />}
      <ol class="steps" aria-label={t('sessionsView.steps')}>
        {steps.map((step) => (
          <StepView
            key={step.seq}
            step={step}
            startedAt={run.startedAt}
            aside={!isReplaying && canRerunFrom(step) && <RerunButton onClick={() => setFrom(step)} />}
          />
        ))}
      </ol>
      {run.finish === null && !isReplaying && (
        <p class="live-line" role="status">
          {t('sessionsView.live')}
        </p>
      )}
      <RerunDialog key={from?.seq} run={run} step={from} onClose={() => setFrom(null)} />
    </Card>
  )
}

/** The past of a repetition ends before a question of ours to the model, or before the whole. */
function canRerunFrom({ kind }: Step): boolean {
  return kind === 'asked' || kind === 'model'
}

function RerunButton({ onClick }: { onClick: () => void }) {
  return (
    <Button kind="quiet" onClick={onClick}>
      {t('sessionsView.rerun')}
    </Button>
  )
}

function RunFigures({ run }: { run: RunStory }) {
  const now = language.value
  const note = run.hasUnpriced ? t('sessionsView.unpriced') : undefined
  return (
    <FigureList>
      <Figure label={t('sessionsView.cost')} value={formatUsd(run.costUsd, now)} note={note} />
      <Figure label={t('sessionsView.took')} value={formatDuration(run.tookMs, now)} />
      <Figure label={t('sessionsView.calls')} value={formatCount(run.modelCalls, now)} />
      <Figure label={t('sessionsView.tools')} value={formatCount(run.toolCalls, now)} />
      <div class="figure">
        <dt>{t('sessionsView.started')}</dt>
        <dd class="figure-value">
          <Time at={run.startedAt} />
        </dd>
      </div>
    </FigureList>
  )
}

type ButtonsProps = { readonly run: RunStory; readonly isReplaying: boolean; readonly onReplay: () => void }

function RunButtons({ run, isReplaying, onReplay }: ButtonsProps) {
  return (
    <div class="row">
      {run.finish === null && (
        <Button kind="danger" onClick={() => askAction('cancel-run', { run: run.run })}>
          {t('sessionsView.cancel')}
        </Button>
      )}
      <Button onClick={onReplay} pressed={isReplaying}>
        {t(isReplaying ? 'sessionsView.replayEnd' : 'sessionsView.replay')}
      </Button>
    </div>
  )
}
