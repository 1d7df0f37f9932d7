import type { ComponentChildren } from 'preact'
import { dashboardChatMessages } from '../../../../../src/shared/messages/dashboardChat.ts'
import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import { formatDuration, formatUsd } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Markdown } from '../../design/Markdown.tsx'
import { Status } from '../../design/Status.tsx'
import { Time } from '../../design/Time.tsx'
import { VisibleBeginning, VisibleText } from '../../design/VisibleText.tsx'
import { InlineApproval } from '../approvals/InlineApproval.tsx'
import type { ModelStep, Step, ToolStep } from '../sessions/step.ts'
import { endState, modelState, toolState } from '../sessions/stepWords.ts'
import { ToolStepView } from '../sessions/ToolStepView.tsx'

const t = sayFrom(dashboardChatMessages)
const says = sayFrom(dashboardSessionsMessages)

/** A step of a run as a conversation shows it: words are said by somebody, tools are one line that can be opened. */
export function ChatStep({ step }: { step: Step }) {
  switch (step.kind) {
    case 'asked':
    case 'steered':
      return <Bubble who="you" at={step.at} text={step.text} />
    case 'hinted':
      return (
        <p class="chat-aside">
          {says('step.hinted')}: <VisibleText text={step.text} />
        </p>
      )
    case 'model':
      return <Answer step={step} />
    case 'tool':
      return <ToolLine step={step} />
    case 'ended':
      return <Ended finish={step.finish} reason={step.reason} />
    default:
      return null
  }
}

type BubbleProps = {
  readonly who: 'you' | 'agent'
  readonly at: string | null
  readonly text: string
  readonly children?: ComponentChildren
}

/** Something that was said. What a person wrote is shown as it was typed; what the agent wrote is Markdown. */
export function Bubble({ who, at, text, children }: BubbleProps) {
  return (
    <article class={`bubble bubble-${who}`}>
      <header class="bubble-head">
        <strong>{t(`chatView.${who}`)}</strong>
        {at !== null && <Time at={at} />}
        {children}
      </header>
      {who === 'agent' ? <Markdown text={text} /> : <p class="typed">{<VisibleText text={text} block />}</p>}
    </article>
  )
}

function Answer({ step }: { step: ModelStep }) {
  const now = language.value
  if (step.state === 'failed') {
    return (
      <p class="chat-aside">
        <Status {...modelState(step)} /> <VisibleText text={step.stopReason} />
      </p>
    )
  }
  if (step.text === '') return null
  return (
    <Bubble who="agent" at={step.at} text={step.text}>
      <span>
        {formatUsd(step.costUsd, now)} · {formatDuration(step.latencyMs, now)}
      </span>
    </Bubble>
  )
}

function ToolLine({ step }: { step: ToolStep }) {
  const question = step.state === 'waiting' ? (step.verdicts.findLast(({ approval }) => approval !== '') ?? null) : null
  return (
    <div class="chat-tool">
      <details>
        <summary>
          <Status {...toolState(step)} />{' '}
          <code>
            <VisibleBeginning text={step.tool} />
          </code>{' '}
          <span class="folded-begin">
            <VisibleBeginning text={oneLine(step.input)} />
          </span>
        </summary>
        <ToolStepView step={step} after={<Time at={step.at} />} aside={null} />
      </details>
      {question && <InlineApproval id={question.approval} />}
    </div>
  )
}

const SHOWN = 90

function oneLine(text: string): string {
  const flat = text
    .slice(0, SHOWN * 4)
    .replace(/\s+/g, ' ')
    .trim()
  return flat.length > SHOWN ? `${flat.slice(0, SHOWN)}…` : flat
}

/** An answered run needs no word; everything else does. */
function Ended({ finish, reason }: { finish: string; reason: string }) {
  if (finish === 'answered') return null
  return (
    <p class="chat-aside">
      <Status {...endState({ finish })} /> <VisibleText text={reason} />
    </p>
  )
}
