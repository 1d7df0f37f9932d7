import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import { formatDuration } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Status } from '../../design/Status.tsx'
import { VisibleBeginning, VisibleText } from '../../design/VisibleText.tsx'
import { type StepBodyProps, StepHead } from './StepView.tsx'
import type { ToolStep, Verdict } from './step.ts'
import { toolState, verdictTone, wordFor } from './stepWords.ts'

const t = sayFrom(dashboardSessionsMessages)

/** Letters of arguments and output that are shown before somebody asks for the rest. */
const SHOWN = 600
/** Arguments of at most so many letters stand open. */
const OPEN_INPUT = 200

/** A call of a tool: its arguments, what the gates decided and why, and what came out. Long ones are folded. */
export function ToolStepView({ step, after, aside }: StepBodyProps<ToolStep>) {
  return (
    <>
      <StepHead title={t('step.tool')} {...toolState(step)} {...{ after, aside }}>
        <code>
          <VisibleText text={step.tool} />
        </code>
        {step.tookMs !== null && <span>{formatDuration(step.tookMs, language.value)}</span>}
      </StepHead>
      {step.input !== '' && (
        <Folded title={t('step.input')} text={step.input} isOpen={step.input.length <= OPEN_INPUT} />
      )}
      {step.verdicts.map((verdict, at) => (
        <VerdictLine key={at} verdict={verdict} />
      ))}
      {step.output !== '' && <Folded title={t('step.output')} text={step.output} isOpen={step.ok === false} />}
      {step.rest !== '' && (
        <p class="step-why">
          <VisibleText text={t('step.rest', { path: step.rest })} />
        </p>
      )}
    </>
  )
}

/** A text below a line that opens it; the line shows how it begins. */
export function Folded({ title, text, isOpen }: { title: string; text: string; isOpen: boolean }) {
  return (
    <details class="folded" open={isOpen}>
      <summary>
        {title}{' '}
        <span class="folded-begin">
          <VisibleBeginning text={firstLine(text)} />
        </span>
      </summary>
      <VisibleText text={text} block limit={SHOWN} />
    </details>
  )
}

const FIRST_LETTERS = 80

function firstLine(text: string): string {
  const flat = text
    .slice(0, FIRST_LETTERS * 4)
    .replace(/\s+/g, ' ')
    .trim()
  return flat.length > FIRST_LETTERS ? `${flat.slice(0, FIRST_LETTERS)}…` : flat
}

function VerdictLine({ verdict }: { verdict: Verdict }) {
  return (
    <div class="verdict">
      <Status tone={verdictTone(verdict.verdict)} word={wordFor('step.verdict', verdict.verdict)} />
      <span>
        <VisibleText text={verdict.reason} />{' '}
        {verdict.rule !== '' && (
          <span class="soft">
            (<VisibleText text={verdict.rule} />)
          </span>
        )}
      </span>
      {verdict.plan !== '' && <Folded title={t('step.plan')} text={verdict.plan} isOpen={verdict.verdict === 'ask'} />}
    </div>
  )
}
