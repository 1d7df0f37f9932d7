import { Component, type ComponentChildren, type ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { EmptyState, ErrorNote, Loading } from '../design/Notes.tsx'
import { IncidentsView } from '../views/incidents/IncidentsView.tsx'
import { OverviewView } from '../views/overview/OverviewView.tsx'
import { pageMessages } from './pageMessages.ts'
import type { ViewName } from './route.ts'
import { linkTo, route } from './router.ts'
import { sayFrom } from './text.ts'

const t = sayFrom(pageMessages)

/** Loaded when somebody goes there: the first screen does not wait for them. A run is shown by the view of the sessions. */
const LATER: Partial<Record<ViewName, () => Promise<ComponentType>>> = {
  sessions: async () => (await import('../views/sessions/SessionsView.tsx')).SessionsView,
  chat: async () => (await import('../views/chat/ChatView.tsx')).ChatView,
  approvals: async () => (await import('../views/approvals/ApprovalsView.tsx')).ApprovalsView,
  costs: async () => (await import('../views/costs/CostsView.tsx')).CostsView,
  tools: async () => (await import('../views/tools/ToolsView.tsx')).ToolsView,
  host: async () => (await import('../views/host/HostView.tsx')).HostView,
  logs: async () => (await import('../views/logs/LogsView.tsx')).LogsView,
  settings: async () => (await import('../views/settings/SettingsView.tsx')).SettingsView,
  runs: async () => (await import('../views/sessions/SessionsView.tsx')).SessionsView,
}
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
    void LATER[view]?.().then(
      (found) => setShown(() => found),
      () => setFailed(true),
    )
  }, [view])
  if (hasFailed) return <ErrorNote reason={t('page.unreachable')} onRetry={() => location.reload()} />
  return Shown ? <Shown /> : <Loading />
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
