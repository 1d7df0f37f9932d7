import { useEffect } from 'preact/hooks'
import type { Incident } from '../../../../../src/shared/incident.ts'
import type { IncidentStory, StoryLine } from '../../../../contract.ts'
import { askAction } from '../../app/actions.ts'
import { formatCount, formatDuration, formatUsd } from '../../app/format.ts'
import { me } from '../../app/me.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { linkTo } from '../../app/router.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { Card } from '../../design/Card.tsx'
import { Figure, FigureList } from '../../design/Figure.tsx'
import { EmptyState, ErrorNote, Loading } from '../../design/Notes.tsx'
import { Shape, Status } from '../../design/Status.tsx'
import { Time } from '../../design/Time.tsx'
import { type Tone, toneOfOutcome } from '../../design/tone.ts'
import { VisibleText } from '../../design/VisibleText.tsx'
import { getIncident } from '../../live/api.ts'
import { onStream } from '../../live/live.ts'
import { useResource } from '../../live/useResource.ts'
import { outcomeWord, tierWord } from './incidentWords.ts'
import { WhatToDo } from './WhatToDo.tsx'

const t = sayFrom(pageMessages)
const KIND_TONES: Readonly<Record<StoryLine['kind'], Tone>> = {
  seen: 'warn',
  done: 'busy',
  undone: 'idle',
  told: 'info',
  end: 'good',
}

/** One incident: what happened, line by line, what a person should do, and the evidence. It grows while the incident is open. */
export function IncidentStoryPart({ id }: { id: string }) {
  const { data, failure, isLoading, stale, reload } = useResource((signal) => getIncident(id, signal), [id])
  useEffect(() => onStream('incident', (incident) => incident.id === id && reload()), [id])
  return (
    <>
      <p>
        <a href={linkTo('incidents')}>← {t('page.inc.back')}</a>
      </p>
      {isLoading && <Loading />}
      {failure && <ErrorNote reason={failure.reason} onRetry={reload} />}
      {data && <Told data={data} stale={stale} onChange={reload} />}
    </>
  )
}

type ToldProps = { readonly data: IncidentStory; readonly stale: boolean; readonly onChange: () => void }

function Told({ data, stale, onChange }: ToldProps) {
  const { incident, story, evidence, asOf } = data
  return (
    <div class="cards">
      <Card
        title={incident.fault}
        width="full"
        stale={stale}
        asOf={asOf}
        aside={<Status tone={toneOfOutcome(incident.outcome)} word={outcomeWord(incident.outcome)} />}
      >
        {incident.human !== null && <WhatToDo what={incident.human} />}
        <Alert data={data} onChange={onChange} />
        <Facts incident={incident} />
      </Card>
      <Card title={t('page.inc.story')} width="wide">
        {story.length === 0 ? <EmptyState text={t('page.inc.noStory')} /> : <Story lines={story} />}
      </Card>
      <Card title={t('page.inc.evidence')} width="wide">
        <Evidence evidence={evidence} />
      </Card>
    </div>
  )
}

function Alert({ data: { alert }, onChange }: Pick<ToldProps, 'data' | 'onChange'>) {
  if (alert === null) return null
  return (
    <details class="evidence">
      <summary>{t('page.inc.alert')}</summary>
      <VisibleText text={alert.text} block />
      {alert.acknowledgedBy !== null && <p class="soft">{t('page.inc.acknowledged', { who: alert.acknowledgedBy })}</p>}
      {alert.acknowledgedBy === null && me.value?.can.admin && (
        <Button onClick={() => askAction('acknowledge', {}, onChange)}>{t('page.act.acknowledge')}</Button>
      )}
    </details>
  )
}

function Facts({ incident }: { incident: Incident }) {
  const lang = language.value
  const { openedAt, closedAt, downMs, detectMs, symptom, tier, modelCalls, costUsd } = incident
  return (
    <div class="facts">
      <FigureList>
        <Figure label={t('page.inc.down')} value={formatDuration(downMs, lang)} />
        <Figure label={t('page.inc.detected')} value={formatDuration(detectMs, lang)} />
        <Figure label={t('page.inc.by')} value={tierWord(tier)} />
        <Figure
          label={t('page.inc.modelCalls')}
          value={formatCount(modelCalls, lang)}
          note={formatUsd(costUsd, lang)}
        />
      </FigureList>
      <p class="soft">
        {t('page.inc.opened')}: <Time at={openedAt} as="full" />
        {closedAt !== null && (
          <>
            {' · '}
            {t('page.inc.closed')}: <Time at={closedAt} as="full" />
          </>
        )}
        {' · '}
        {t('page.inc.symptom')}: <VisibleText text={symptom} limit={400} />
      </p>
    </div>
  )
}

function Story({ lines }: { lines: readonly StoryLine[] }) {
  return (
    <ol class="story">
      {lines.map(({ at, text, kind }, place) => (
        // Lines may share a moment; their order is all that tells them apart, and they only grow at the end.
        <li key={place}>
          <Shape tone={KIND_TONES[kind]} />
          <span class="story-line">
            <span class="story-head">
              <span>{t(`page.inc.kind.${kind}`)}</span> <Time at={at} as="precise" />
            </span>
            <VisibleText text={text} />
          </span>
        </li>
      ))}
    </ol>
  )
}

function Evidence({ evidence }: Pick<IncidentStory, 'evidence'>) {
  if (evidence.length === 0) return <EmptyState text={t('page.inc.noEvidence')} />
  return (
    <>
      {evidence.map(({ title, lines }) => (
        <details key={title} class="evidence">
          <summary>
            {title} <span class="soft">({t('page.inc.lines', { count: lines.length })})</span>
          </summary>
          <VisibleText text={lines.join('\n')} block />
        </details>
      ))}
    </>
  )
}
