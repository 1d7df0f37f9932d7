import { useEffect, useMemo, useState } from 'preact/hooks'
import type { RecordedEvent } from '../../../../../src/shared/sessions/recorded.ts'
import type { Journal } from '../../../../contractViews.ts'
import { getSession } from '../../live/api.ts'
import { onStream } from '../../live/live.ts'
import { type Resource, useResource } from '../../live/useResource.ts'
import { mergeEvents } from './foldSteps.ts'

/** The journal of a session, with what is written while somebody looks. */
export type LiveJournal = { readonly resource: Resource<Journal>; readonly events: readonly RecordedEvent[] }

/** Reads it once and listens; what comes both ways is there once. The stream is heard before the journal is read, so that nothing falls between. */
export function useLiveJournal(session: string): LiveJournal {
  const [heard, setHeard] = useState<{ readonly session: string; readonly events: readonly RecordedEvent[] }>({
    session,
    events: [],
  })
  useEffect(() => {
    setHeard({ session, events: [] })
    return onStream('journal', (event) => {
      if (event.session !== session) return
      setHeard((before) => ({ session, events: mergeEvents(before.session === session ? before.events : [], [event]) }))
    })
  }, [session])
  const resource = useResource((signal) => getSession(session, signal), [session], null)
  const read = resource.data?.events
  const events = useMemo(
    () => mergeEvents(read ?? [], heard.session === session ? heard.events : []),
    [read, heard, session],
  )
  return { resource, events }
}
