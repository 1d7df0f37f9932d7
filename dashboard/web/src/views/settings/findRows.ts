/** PURE. Which settings a search finds, and their sections. */
import type { SettingRow } from '../../../../contractViews.ts'
import { printedValue } from './typedValue.ts'

/** Settings that begin with the same word of their key. */
export type Section = { readonly name: string; readonly rows: readonly SettingRow[] }

/** The sections with the rows in which every word of the search stands (key, description or value), in their order. Values of secrets are not searched. */
export function findRows(rows: readonly SettingRow[], search: string, onlyChanged: boolean): readonly Section[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = rows.filter((row) => {
    const place = `${row.key} ${row.description} ${row.isSecret ? '' : printedValue(row.value)}`.toLowerCase()
    return (!onlyChanged || row.from !== 'default') && words.every((word) => place.includes(word))
  })
  const sections = Map.groupBy(found, ({ key }) => key.split('.')[0] ?? key)
  return [...sections].map(([name, own]) => ({ name, rows: own }))
}
