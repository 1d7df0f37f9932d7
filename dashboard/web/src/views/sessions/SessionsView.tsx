import './sessions.css'
import { useEffect } from 'preact/hooks'
import { goTo, linkTo, route } from '../../app/router.ts'
import { getRun } from '../../live/api.ts'
import { useResource } from '../../live/useResource.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'
import { SessionDetail } from './SessionDetail.tsx'
import { SessionList } from './SessionList.tsx'

/** Sessions and their runs: `/sessions` is the list, `/sessions/<id>?run=<run>` one of them, `/runs/<run>` leads to the session of a run. */
export function SessionsView() {
  const { view, id, query } = route.value ?? { view: 'sessions', id: null, query: new URLSearchParams() }
  if (id === null) return <SessionList />
  if (view === 'runs') return <RunRedirect key={id} run={id} />
  return <SessionDetail key={id} session={id} chosenRun={query.get('run')} />
}

/** A run lies in its session. */
function RunRedirect({ run }: { run: string }) {
  const resource = useResource((signal) => getRun(run, signal), [run], null)
  const session = resource.data?.session?.session ?? resource.data?.events[0]?.session
  useEffect(() => {
    if (session) goTo(linkTo('sessions', session, { run }), true)
  }, [session, run])
  return <KnownAnswer resource={resource}>{() => null}</KnownAnswer>
}
