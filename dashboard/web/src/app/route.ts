/** Which view an address stands for, and the other way round. Below a base path; nothing here touches the browser. */

/** The views by the first part of their address; the first one is at the root. */
export const VIEWS = [
  'overview',
  'incidents',
  'sessions',
  'runs',
  'chat',
  'approvals',
  'costs',
  'tools',
  'host',
  'logs',
  'settings',
] as const
export type ViewName = (typeof VIEWS)[number]

/** The views that stand in the navigation; a run is reached from its session. */
export const NAVIGATION: readonly Exclude<ViewName, 'runs'>[] = VIEWS.filter((view) => view !== 'runs')

/** Where the reader is. `id` is the second part of the address; null without one. */
export type Route = { readonly view: ViewName; readonly id: string | null; readonly query: URLSearchParams }

/** The route of an address; null where there is no such page. */
export function parseRoute(pathname: string, search: string, basePath: string): Route | null {
  if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) return null
  const [first = '', second, ...more] = pathname.slice(basePath.length + 1).split('/')
  const query = new URLSearchParams(search)
  if (more.some((part) => part !== '')) return null
  if (first === '') return second ? null : { view: 'overview', id: null, query }
  const view = VIEWS.find((name) => name === first)
  const id = decoded(second ?? '')
  return view && id !== undefined ? { view, id: id === '' ? null : id, query } : null
}

/** The address of a view. */
export function pathTo(
  basePath: string,
  view: ViewName,
  id: string | null = null,
  query: Readonly<Record<string, string>> = {},
): string {
  const first = view === 'overview' ? '' : view
  const search = new URLSearchParams(query).toString()
  return `${basePath}/${first}${id === null ? '' : `/${encodeURIComponent(id)}`}${search ? `?${search}` : ''}`
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
