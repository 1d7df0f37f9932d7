import './steps.css'
import type { ComponentChildren } from 'preact'
import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import { formatDuration } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Markdown } from '../../design/Markdown.tsx'
import { Status } from '../../design/Status.tsx'
import { Time } from '../../design/Time.tsx'
import type { Tone } from '../../design/tone.ts'
import { VisibleText } from '../../design/VisibleText.tsx'
import { visibleIn } from '../../design/visible.ts'
import { ModelStepView } from './ModelStepView.tsx'
import type { AskedStep, EndStep, OtherStep, SaidStep, Step } from './step.ts'
import { endState, wordFor } from './stepWords.ts'
import { ToolStepView } from './ToolStepView.tsx'

const t = sayFrom(dashboardSessionsMessages)

type StepProps = {
  readonly step: Step
  /** When the run began, for "+6 s"; null leaves that out. */
  readonly startedAt: string | null
  /** Beside the head: what can be done with this step. */
  readonly aside?: ComponentChildren
}

/** One step of a run, as an item of a list. */
export function StepView({ step, startedAt, aside }: StepProps) {
  return (
    <li class={`step step-${step.kind}`} data-seq={step.seq}>
      <StepBody step={step} after={<After at={step.at} startedAt={startedAt} />} aside={aside} />
    </li>
  )
}

/** What every kind of step is given to show itself. */
export type StepBodyProps<Kind extends Step> = {
  readonly step: Kind
  readonly after: ComponentChildren
  readonly aside: ComponentChildren
}

function StepBody({ step, after, aside }: StepBodyProps<Step>) {
  switch (step.kind) {
    case 'asked':
      return <Asked {...{ step, after, aside }} />
    case 'model':
      return <ModelStepView {...{ step, after, aside }} />
    case 'tool':
      return <ToolStepView {...{ step, after, aside }} />
    case 'ended':
      return <Ended {...{ step, after, aside }} />
    case 'other':
      return <Other {...{ step, after, aside }} />
    default:
      return <Said {...{ step, after, aside }} />
  }
}

type HeadProps = {
  readonly tone: Tone
  readonly title: string
  readonly word?: string
  readonly children?: ComponentChildren
  readonly after: ComponentChildren
  readonly aside: ComponentChildren
}

/** The first line of a step: what it is, how it stands, its figures, when. */
export function StepHead({ tone, title, word, children, after, aside }: HeadProps) {
  return (
    <div class="step-head">
      <span class="step-title">{title}</span>
      {word !== undefined && <Status tone={tone} word={word} />}
      <span class="step-facts">{children}</span>
      {after}
      {aside && <span class="step-aside">{aside}</span>}
    </div>
  )
}

function After({ at, startedAt }: { at: string; startedAt: string | null }) {
  const afterMs = startedAt === null ? Number.NaN : Date.parse(at) - Date.parse(startedAt)
  return (
    <span class="step-time">
      {Number.isFinite(afterMs) && <span>{t('step.after', { time: formatDuration(afterMs, language.value) })} · </span>}
      <Time at={at} />
    </span>
  )
}

function Asked({ step, after, aside }: StepBodyProps<AskedStep>) {
  const by = step.by === 'person' ? '' : wordFor('step.by', step.by)
  return (
    <>
      <StepHead tone="info" title={t('step.asked')} {...{ after, aside }}>
        {[by, step.model, step.rerunOf && t('step.rerunOf')].filter(Boolean).map((fact) => (
          <span key={fact}>
            <VisibleText text={fact} />
          </span>
        ))}
      </StepHead>
      <VisibleText text={step.text} block />
    </>
  )
}

function Said({ step, after, aside }: StepBodyProps<SaidStep>) {
  return (
    <>
      <StepHead tone="info" title={t(`step.${step.kind}`)} {...{ after, aside }} />
      {step.kind === 'hinted' ? <Markdown text={step.text} /> : <VisibleText text={step.text} block />}
    </>
  )
}

function Ended({ step, after, aside }: StepBodyProps<EndStep>) {
  return (
    <>
      <StepHead title={t('step.ended')} {...endState(step)} {...{ after, aside }} />
      {step.reason && (
        <p>
          <VisibleText text={step.reason} />
        </p>
      )}
    </>
  )
}

function Other({ step, after, aside }: StepBodyProps<OtherStep>) {
  return (
    <>
      <StepHead tone="unknown" title={t('step.other', { type: visibleIn(step.type) })} {...{ after, aside }} />
      {step.text !== '' && step.text !== '{}' && <VisibleText text={step.text} block />}
    </>
  )
}
