import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import { formatCount, formatDuration, formatUsd } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Markdown } from '../../design/Markdown.tsx'
import { Notice } from '../../design/Notes.tsx'
import { VisibleText } from '../../design/VisibleText.tsx'
import { type StepBodyProps, StepHead } from './StepView.tsx'
import type { ModelStep } from './step.ts'
import { modelState } from './stepWords.ts'

const t = sayFrom(dashboardSessionsMessages)

/** A call of a model: which, for how much, how long, why that one, and what it said. */
export function ModelStepView({ step, after, aside }: StepBodyProps<ModelStep>) {
  return (
    <>
      <StepHead title={t('step.model')} {...modelState(step)} {...{ after, aside }}>
        <VisibleText text={step.model} />
        {step.state !== 'asking' && <Figures step={step} />}
      </StepHead>
      {step.text !== '' && <Markdown text={step.text} />}
      {step.state === 'failed' && (
        <p>
          <VisibleText text={step.stopReason} />
        </p>
      )}
      {step.warning !== '' && (
        <Notice>
          <VisibleText text={step.warning} />
        </Notice>
      )}
      {step.why !== '' && (
        <p class="step-why">
          {t('step.why')}: <VisibleText text={step.why} />
        </p>
      )}
    </>
  )
}

function Figures({ step }: { step: ModelStep }) {
  const { inputTokens, cachedTokens, outputTokens, costUsd, latencyMs } = step
  const now = language.value
  const isKnown = inputTokens !== null
  return (
    <>
      <span>{costUsd === null && isKnown ? t('step.noPrice') : formatUsd(costUsd, now)}</span>
      <span>
        {t('step.tokens', { input: formatCount(inputTokens, now), output: formatCount(outputTokens, now) })}
        {cachedTokens !== null &&
          cachedTokens > 0 &&
          ` (${t('step.cached', { count: formatCount(cachedTokens, now) })})`}
      </span>
      <span>{formatDuration(latencyMs, now)}</span>
    </>
  )
}
