import { useEffect, useId, useState } from 'preact/hooks'
import type { Incident } from '../../../../../src/shared/incident.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { goTo, linkTo, route } from '../../app/router.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { Card } from '../../design/Card.tsx'
import { EmptyState, ErrorNote, Loading } from '../../design/Notes.tsx'
import { Choice } from '../../design/Tabs.tsx'
import { showToast } from '../../design/toasts.ts'
import { getIncidents } from '../../live/api.ts'
import { onStream } from '../../live/live.ts'
import { useResource } from '../../live/useResource.ts'
import { IncidentLines } from './IncidentLines.tsx'
import { filterIncidents, type IncidentFilter, mergeIncidents, OUTCOMES } from './incidentFilter.ts'
import { outcomeWord } from './incidentWords.ts'

const t = sayFrom(pageMessages)
const PAGE = 50

/** All incidents, newest first, older ones on demand. The filter stands in the address. */
export function IncidentList() {
  const { data, failure, isLoading, stale, reload } = useResource((signal) => getIncidents({ limit: PAGE }, signal), [])
  useEffect(() => onStream('incident', reload), [])
  const [older, setOlder] = useState<{ incidents: readonly Incident[]; next: string | null } | null>(null)
  const [isBusy, setBusy] = useState(false)
  const filter = filterOf(route.value?.query)
  if (isLoading) return <Loading />
  if (!data) return <ErrorNote reason={failure?.reason ?? ''} onRetry={reload} />
  const all = mergeIncidents(data.incidents, older?.incidents ?? [])
  const next = older ? older.next : data.next
  const showOlder = async () => {
    setBusy(true)
    const answer = await getIncidents({ before: next, limit: PAGE })
    setBusy(false)
    if (!answer.ok) return showToast({ text: answer.reason, tone: 'bad' })
    setOlder({ incidents: mergeIncidents(older?.incidents ?? [], answer.value.incidents), next: answer.value.next })
  }
  return (
    <Card title={t('page.over.allIncidents')} width="full" stale={stale} asOf={data.asOf}>
      {failure && <ErrorNote reason={failure.reason} onRetry={reload} />}
      <Filters filter={filter} />
      <Found all={all} filter={filter} />
      {next !== null && (
        <div>
          <Button isBusy={isBusy} onClick={() => void showOlder()}>
            {t('page.inc.older')}
          </Button>
        </div>
      )}
    </Card>
  )
}

function Found({ all, filter }: { all: readonly Incident[]; filter: IncidentFilter }) {
  const found = filterIncidents(all, filter)
  if (found.length > 0) return <IncidentLines incidents={found} />
  return <EmptyState text={t(all.length === 0 ? 'page.inc.none' : 'page.inc.noneFits')} />
}

function Filters({ filter }: { filter: IncidentFilter }) {
  const id = useId()
  const choices = OUTCOMES.map((key) => ({ key, label: key === 'all' ? t('page.inc.all') : outcomeWord(key) }))
  return (
    <search class="filters">
      <Choice
        label={t('page.inc.outcome')}
        choices={choices}
        current={filter.outcome}
        onChange={(outcome) => show({ ...filter, outcome })}
      />
      <label class="sr-only" htmlFor={id}>
        {t('page.inc.search')}
      </label>
      <input
        id={id}
        type="search"
        placeholder={t('page.inc.search')}
        value={filter.words}
        onInput={(event) => show({ ...filter, words: event.currentTarget.value })}
      />
      {filter.from !== null && (
        <Button onClick={() => show({ ...filter, from: null, to: null })}>{t('page.inc.anyTime')}</Button>
      )}
    </search>
  )
}

function show({ outcome, words, from, to }: IncidentFilter): void {
  const query = {
    ...(outcome === 'all' ? {} : { outcome }),
    ...(words === '' ? {} : { q: words }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  }
  goTo(linkTo('incidents', null, query), true)
}

function filterOf(query: URLSearchParams | undefined): IncidentFilter {
  return {
    outcome: OUTCOMES.find((one) => one === query?.get('outcome')) ?? 'all',
    words: query?.get('q') ?? '',
    from: query?.get('from') ?? null,
    to: query?.get('to') ?? null,
  }
}
