import type { Incident } from '../../../../../src/shared/incident.ts'
import { formatDuration, formatUsd } from '../../app/format.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { linkTo } from '../../app/router.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Shape } from '../../design/Status.tsx'
import { Time } from '../../design/Time.tsx'
import { toneOfOutcome } from '../../design/tone.ts'
import { VisibleText } from '../../design/VisibleText.tsx'
import { outcomeWord, tierWord } from './incidentWords.ts'

const t = sayFrom(pageMessages)

/** Incidents as lines, each a link to its story. */
export function IncidentLines({ incidents }: { incidents: readonly Incident[] }) {
  return (
    <ol class="incident-lines">
      {incidents.map((incident) => (
        <li key={incident.id}>
          <a href={linkTo('incidents', incident.id)} class="incident-line">
            <Shape tone={toneOfOutcome(incident.outcome)} />
            <span class="incident-main">
              <span class="incident-fault">
                <VisibleText text={incident.fault} limit={200} />
              </span>
              <span class="incident-more">{moreOf(incident)}</span>
            </span>
            <span class="incident-when">
              <Time at={incident.openedAt} />
            </span>
          </a>
        </li>
      ))}
    </ol>
  )
}

function moreOf({ outcome, tier, downMs, costUsd }: Incident): string {
  const lang = language.value
  return [
    // "Passed to a person by a person" says nothing more.
    outcome === 'healed' || outcome === 'degraded'
      ? t('page.inc.line', { outcome: outcomeWord(outcome), tier: tierWord(tier) })
      : outcomeWord(outcome),
    ...(downMs === null ? [] : [t('page.inc.lineDown', { down: formatDuration(downMs, lang) })]),
    ...(costUsd > 0 ? [formatUsd(costUsd, lang)] : []),
  ].join(' · ')
}
