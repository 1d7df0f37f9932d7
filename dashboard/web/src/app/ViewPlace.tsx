import { Component, type ComponentChildren, type ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { dashboardPageMessages } from '../../../../src/shared/messages/dashboardPage.ts'
import { EmptyState, ErrorNote, Loading } from '../design/Notes.tsx'
import { IncidentsView } from '../views/incidents/IncidentsView.tsx'
import { OverviewView } from '../views/overview/OverviewView.tsx'
import type { ViewName } from './route.ts'
import { linkTo, route } from './router.ts'
import { sayFrom } from './text.ts'

const t = sayFrom(dashboardPageMessages)

/** Loaded when somebody goes there: the first screen does not wait for them. */
const LATER = import.meta.glob<Readonly<Record<string, ComponentType>>>([
  '../views/{sessions,chat,approvals,costs,tools,host,logs,settings}/*View.tsx',
])
const AT_ONCE: Partial<Record<ViewName, ComponentType>> = { overview: OverviewView, incidents: IncidentsView }

/** The view of the present address. One that breaks leaves the rest of the page alone. */
export function ViewPlace() {
  const view = route.value?.view ?? null
  if (view === null) return <NotFound />
  const AtOnce = AT_ONCE[view]
  return <Guard key={view}>{AtOnce ? <AtOnce /> : <LaterView view={view} />}</Guard>
}

function NotFound() {
  return (
    <EmptyState text={t('page.notFound')}>
      <a href={linkTo('overview')}>{t('page.toOverview')}</a>
    </EmptyState>
  )
}

function LaterView({ view }: { view: ViewName }) {
  const [Shown, setShown] = useState<ComponentType | null>(null)
  const [hasFailed, setFailed] = useState(false)
  useEffect(() => {
    void loadView(view).then(
      (found) => (found ? setShown(() => found) : setFailed(true)),
      () => setFailed(true),
    )
  }, [view])
  if (hasFailed) return <ErrorNote reason={t('page.unreachable')} onRetry={() => location.reload()} />
  return Shown ? <Shown /> : <Loading />
}

/** `views/<view>/<View>View.tsx` exports a component of that name; a run is shown by the view of the sessions. */
async function loadView(view: ViewName): Promise<ComponentType | undefined> {
  const folder = view === 'runs' ? 'sessions' : view
  const name = `${folder[0]?.toUpperCase()}${folder.slice(1)}View`
  return (await LATER[`../views/${folder}/${name}.tsx`]?.())?.[name]
}

class Guard extends Component<{ children: ComponentChildren }, { hasFailed: boolean }> {
  override state = { hasFailed: false }
  static override getDerivedStateFromError() {
    return { hasFailed: true }
  }
  override componentDidCatch(error: unknown): void {
    console.error(error)
  }
  override render() {
    if (!this.state.hasFailed) return this.props.children
    return <ErrorNote reason={t('page.crashed')} onRetry={() => this.setState({ hasFailed: false })} />
  }
}
