import type { ViewName } from './route.ts'

/** The sign of a view; its name stands beside it. */
export function NavIcon({ view }: { view: Exclude<ViewName, 'runs'> | 'more' }) {
  return (
    <svg class="nav-icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path
        d={PATHS[view]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}

const PATHS = {
  overview: 'M2 10h4l2-6 4 12 2-6h4',
  incidents: 'M10 3l8 14H2zM10 8v4M10 14.4v.2',
  sessions: 'M4 4h12M4 8h12M4 12h8M4 16h5',
  chat: 'M3 4h14v10H9l-4 3v-3H3z',
  approvals: 'M3 3h14v14H3zM6.5 10l2.5 2.5 4.5-5',
  costs: 'M10 2v16M14 5.5C13 4 7 3.6 6.6 6.6 6.2 10 14 9 13.8 13c-.3 3.4-6.6 3.2-8 1',
  tools: 'M12.5 3a4.5 4.5 0 0 0-4.2 6L3 14.4 5.6 17l5.4-5.3a4.5 4.5 0 0 0 5.8-5.6L14 8.8 11.2 6 14 3.2z',
  host: 'M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.1M6 13.5h.1',
  logs: 'M5 2.5h7L16 6v11.5H5zM8 9h5M8 12h5M8 15h3',
  settings: 'M3 6h6M13 6h4M3 14h3M10 14h7M9 4h4v4H9zM6 12h4v4H6z',
  more: 'M4 10h.1M10 10h.1M16 10h.1',
} as const
