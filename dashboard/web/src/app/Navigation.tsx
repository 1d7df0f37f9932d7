import { useEffect, useState } from 'preact/hooks'
import { approvalsWaiting, overview } from '../live/live.ts'
import { NavIcon } from './NavIcon.tsx'
import { pageMessages } from './pageMessages.ts'
import { NAVIGATION, type ViewName } from './route.ts'
import { linkTo, route } from './router.ts'
import { sayFrom } from './text.ts'

const t = sayFrom(pageMessages)
type Shown = (typeof NAVIGATION)[number]
/** In the bar of a narrow window; the rest is behind "More". */
const FIRST: readonly Shown[] = ['overview', 'incidents', 'chat', 'approvals']

/** The views: a side bar where the window is wide, a bar at the bottom with a menu where it is not. */
export function Navigation() {
  const [isMenuOpen, setMenuOpen] = useState(false)
  const view = currentView()
  useEffect(() => setMenuOpen(false), [route.value])
  return (
    <nav
      class={`navigation ${isMenuOpen ? 'is-open' : ''}`}
      aria-label={t('page.nav')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setMenuOpen(false)
      }}
    >
      <ul>
        {NAVIGATION.map((name) => (
          <li key={name} class={FIRST.includes(name) ? 'is-first' : ''}>
            <a href={linkTo(name)} aria-current={name === view ? 'page' : undefined} onClick={() => setMenuOpen(false)}>
              <NavIcon view={name} />
              <span class="nav-name">{t(`page.nav.${name}`)}</span>
              <Badge view={name} />
            </a>
          </li>
        ))}
        <li class="nav-more">
          <button
            type="button"
            aria-expanded={isMenuOpen}
            class={!FIRST.some((name) => name === view) ? 'is-current' : ''}
            onClick={() => setMenuOpen(!isMenuOpen)}
          >
            <NavIcon view="more" />
            <span class="nav-name">{t('page.nav.more')}</span>
          </button>
        </li>
      </ul>
    </nav>
  )
}

function Badge({ view }: { view: Shown }) {
  const count = view === 'approvals' ? approvalsWaiting.value : view === 'incidents' ? openIncidents() : null
  if (!count) return null
  return (
    <span class="badge">
      <span aria-hidden="true">{count}</span>
      <span class="sr-only">{t('page.nav.waiting', { count })}</span>
    </span>
  )
}

function openIncidents(): number {
  return (overview.value?.incidents ?? []).filter(({ closedAt }) => closedAt === null).length
}

function currentView(): ViewName | null {
  const view = route.value?.view ?? null
  return view === 'runs' ? 'sessions' : view
}
