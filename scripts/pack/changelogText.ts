/** PURE. Reads a changelog in the form of Keep a Changelog 1.1: https://keepachangelog.com/en/1.1.0/ */

/** A version that was released. */
export type Release = { readonly version: string; readonly date: string; readonly notes: string }

const HEADING = /^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?$/
const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']

/** All versions with a date, in their order; what is not released yet is none. */
function releasesOf(changelog: string): Release[] {
  return changelog
    .split(/^(?=## )/m)
    .slice(1)
    .flatMap((part) => {
      const [head = '', ...lines] = part.split('\n')
      const [, version, date] = HEADING.exec(head.trim()) ?? []
      return version && date ? [{ version, date, notes: lines.join('\n').trim() }] : []
    })
}

/** The version that stands first. */
export function newestRelease(changelog: string): Release | undefined {
  return releasesOf(changelog)[0]
}

/** What is wrong, in words; `versions` must all be that of the newest release. Empty: all agree. */
export function changelogFaults(changelog: string, versions: Readonly<Record<string, string>>): string[] {
  const releases = releasesOf(changelog)
  const [newest] = releases
  if (!newest) return ['expected a heading such as "## [1.2.3] - 2026-01-31", got none']
  const others = Object.entries(versions)
    .filter(([, version]) => version !== newest.version)
    .map(([where, version]) => `its newest version is ${newest.version}, and ${where} says ${version}`)
  const kinds = [...changelog.matchAll(/^### (.+)$/gm)]
    .map(([, kind]) => kind ?? '')
    .filter((kind) => !KINDS.includes(kind))
    .map((kind) => `expected one of ${KINDS.join(', ')}, got "### ${kind}"`)
  const empty = releases.filter(({ notes }) => !/^- /m.test(notes)).map(({ version }) => `${version} says nothing`)
  const sorted = releases.map(({ date }) => date).toSorted()
  const isInOrder = releases.every(({ date }, index) => date === sorted.at(-1 - index))
  const hasUnreleased = /^## \[Unreleased\]$/m.test(changelog) ? [] : ['expected a heading "## [Unreleased]"']
  return [
    ...others,
    ...kinds,
    ...empty,
    ...(isInOrder ? [] : ['the newest version must stand first']),
    ...hasUnreleased,
  ]
}
