import type { ComponentChildren } from 'preact'
import { askAction } from '../../app/actions.ts'
import { wordOfState } from '../../app/currentState.ts'
import { me } from '../../app/me.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { AsOf } from '../../design/Card.tsx'
import { Notice } from '../../design/Notes.tsx'
import { Shape } from '../../design/Status.tsx'
import { toneOfState } from '../../design/tone.ts'
import { VisibleText } from '../../design/VisibleText.tsx'
import type { PartProps } from './partProps.ts'

const t = sayFrom(pageMessages)

/** The one sentence, and below it only what is not as it should be. */
export function Sentence({ overview, stale }: PartProps) {
  const { status, sentence, asOf } = overview
  const degraded = status.agent.degraded
  const tone = stale ? 'unknown' : toneOfState(status.state, degraded)
  return (
    <section class={`sentence sentence-${tone} ${stale ? 'is-stale' : ''}`}>
      <div class="sentence-head">
        <Shape tone={tone} size={42} />
        <div>
          <p class="sentence-state">
            {wordOfState(status.state, degraded)}
            {stale && <AsOf at={asOf} />}
          </p>
          <p class="sentence-text">
            <VisibleText text={sentence} />
          </p>
        </div>
      </div>
      <Exceptions overview={overview} />
    </section>
  )
}

function Exceptions({ overview: { status, unknown } }: Pick<PartProps, 'overview'>) {
  const { agent, safeMode, alertsOpen } = status
  const notices: ComponentChildren[] = [
    ...agent.degraded.map((reason) => <Limited key={`d${reason}`} text={t('page.over.degraded', { reason })} />),
    ...agent.notes.map((note) => <Limited key={`n${note}`} text={note} />),
    safeMode && <Limited key="safe" text={t('page.over.safeMode', { reason: safeMode.reason })} />,
    alertsOpen > 0 && <OpenAlerts key="alerts" count={alertsOpen} />,
    ...unknown.map(({ what, why }) => (
      <Notice key={`u${what}`} tone="unknown">
        <VisibleText text={t('page.over.unknown', { what, why })} />
      </Notice>
    )),
  ].filter(Boolean)
  return notices.length > 0 ? <div class="sentence-notices">{notices}</div> : null
}

function Limited({ text }: { text: string }) {
  return (
    <Notice>
      <VisibleText text={text} />
    </Notice>
  )
}

function OpenAlerts({ count }: { count: number }) {
  return (
    <Notice tone="bad">
      <div class="row">
        <span>{t('page.over.alertsOpen', { count })}</span>
        {me.value?.can.admin && <Button onClick={() => askAction('acknowledge')}>{t('page.act.acknowledge')}</Button>}
      </div>
    </Notice>
  )
}
