/** Where the reader is. Links are ordinary ones: those that stay on the page are followed without loading it anew. */
import { signal } from '@preact/signals'
import { basePath } from '../live/basePath.ts'
import { parseRoute, pathTo, type Route, type ViewName } from './route.ts'

/** The present route; null where there is no such page. */
export const route = signal<Route | null>(null)

/** The address of a view, for `href`. */
export function linkTo(view: ViewName, id: string | null = null, query: Readonly<Record<string, string>> = {}): string {
  return pathTo(basePath, view, id, query)
}

/** Goes to an address of this page. `replace` leaves no step to go back to: for filters. */
export function goTo(address: string, replace = false): void {
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  read()
  if (!replace) window.scrollTo(0, 0)
}

/** Begins to follow links and the buttons for back and forward. */
export function startRouter(): void {
  read()
  window.addEventListener('popstate', read)
  document.addEventListener('click', (event) => {
    const address = ownAddress(event)
    if (address === null) return
    event.preventDefault()
    goTo(address)
  })
}

function read(): void {
  route.value = parseRoute(location.pathname, location.search, basePath)
}

/** The address behind a plain click on a link of this page; null for all else (another origin, a new tab, a download). */
function ownAddress(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return null
  const anchor = event.target instanceof Element ? event.target.closest('a') : null
  if (!anchor?.href || anchor.target || anchor.hasAttribute('download')) return null
  const url = new URL(anchor.href)
  if (url.origin !== location.origin || (url.hash !== '' && url.pathname === location.pathname)) return null
  return parseRoute(url.pathname, url.search, basePath) ? url.pathname + url.search : null
}
