import { useEffect, useState } from 'preact/hooks'
import { HEARTBEAT_WINDOWS, type HeartbeatWindow } from '../../../../contract.ts'
import { formatShare } from '../../app/format.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { language, sayFrom } from '../../app/text.ts'
import { HeartbeatBar, HeartbeatTable } from '../../charts/HeartbeatBar.tsx'
import { Card } from '../../design/Card.tsx'
import { ErrorNote, Loading } from '../../design/Notes.tsx'
import { Choice } from '../../design/Tabs.tsx'
import { getHeartbeat } from '../../live/api.ts'
import { onStream } from '../../live/live.ts'
import { useResource } from '../../live/useResource.ts'

const t = sayFrom(pageMessages)

/** The past at a glance, in three windows. */
export function HeartbeatCard() {
  const [window, setWindow] = useState<HeartbeatWindow>('24h')
  const { data, failure, isLoading, stale, reload } = useResource((signal) => getHeartbeat(window, signal), [window])
  // An incident shows in the bar at once.
  useEffect(() => onStream('incident', reload), [])
  const choices = HEARTBEAT_WINDOWS.map((key) => ({ key, label: t(`page.beat.${key}`) }))
  return (
    <Card
      title={t('page.beat.title')}
      width="full"
      stale={stale}
      asOf={data?.asOf ?? null}
      aside={
        <>
          {data && (
            <span class="beat-share">
              <strong class="figure-value">{formatShare(data.available, language.value, 2)}</strong>{' '}
              <span class="soft">{t('page.beat.available')}</span>
            </span>
          )}
          <Choice label={t('page.beat.window')} choices={choices} current={window} onChange={setWindow} />
        </>
      }
    >
      {isLoading && <Loading />}
      {failure && !data && <ErrorNote reason={failure.reason} onRetry={reload} />}
      {data && (
        <>
          <HeartbeatBar heartbeat={data} />
          <details class="beat-table">
            <summary>{t('page.beat.table')}</summary>
            <HeartbeatTable heartbeat={data} />
          </details>
        </>
      )}
    </Card>
  )
}
