import { useState } from 'preact/hooks'
import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import type { LogLine } from '../../../../contractViews.ts'
import { nowMs } from '../../app/clock.ts'
import { DASH } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { CopyButton } from '../../design/CopyButton.tsx'
import { Status } from '../../design/Status.tsx'
import { Time } from '../../design/Time.tsx'
import type { Tone } from '../../design/tone.ts'
import { VisibleBeginning, VisibleText } from '../../design/VisibleText.tsx'

const t = sayFrom(dashboardViewsMessages)

const TONES: Readonly<Record<string, Tone>> = { fatal: 'bad', error: 'bad', warn: 'warn', info: 'info' }
const SHOWN = 400

/** One line of a log; opened, it shows the raw line as it stands in the file. */
export function LogRow({ line }: { line: LogLine }) {
  const [isOpen, setOpen] = useState(false)
  const tone = (Object.hasOwn(TONES, line.level) ? TONES[line.level] : undefined) ?? 'idle'
  return (
    <li class={`log-line level-${tone}`}>
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class="log-time">
            <LineTime at={line.at} />
          </span>
          <Status tone={tone} word={line.level} />
          <span class="log-app">{line.app}</span>
          <span class="log-text">
            <VisibleBeginning text={line.text} limit={SHOWN} />
          </span>
        </summary>
        {isOpen && (
          <div class="log-raw">
            <p class="row soft">
              <span>{t('logsView.raw')}</span>
              <Time at={line.at} as="full" />
              <CopyButton text={line.raw} />
            </p>
            <VisibleText text={line.raw} block />
          </div>
        )}
      </details>
    </li>
  )
}

/** With seconds: lines of one minute are told apart by them. The day stands there where it is not today. */
function LineTime({ at }: { at: string }) {
  const moment = new Date(at)
  if (Number.isNaN(moment.getTime())) return <>{DASH}</>
  const isToday = moment.toDateString() === new Date(nowMs.peek()).toDateString()
  const day = isToday ? {} : ({ month: '2-digit', day: '2-digit' } as const)
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  return <time dateTime={at}>{new Intl.DateTimeFormat(language.value, { ...day, ...clock }).format(moment)}</time>
}
