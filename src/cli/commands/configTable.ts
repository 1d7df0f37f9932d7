/** How settings look on a terminal. */
import type { SettingSource } from '../../shared/config/load.ts'
import type { Settings } from '../../shared/config/schema.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import { alignRows } from '../columns.ts'
import { terminalSafe } from '../terminalSafe.ts'

/** The value of a dotted key. */
export function settingValue(settings: Settings, key: string): unknown {
  return key.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], settings)
}

/** A value as `config set` takes it: texts bare, the rest as JSON. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** One line of the table. */
export type SettingRow = {
  readonly key: string
  readonly value: unknown
  readonly source: SettingSource
  readonly unit: string | null
}

const WIDEST_VALUE = 44

/** All settings in columns, with a head; long values are cut. */
export function settingsTable(language: Language, rows: readonly SettingRow[]): string {
  const head = [
    text(language, 'config.headKey'),
    text(language, 'config.headValue'),
    text(language, 'config.headSource'),
  ] as const
  const lines = rows.map(
    ({ key, value, source, unit }) =>
      [key, cut(terminalSafe(unit ? `${shownValue(value)} ${unit}` : shownValue(value))), source] as const,
  )
  return alignRows([head, ...lines]).join('\n')
}

function cut(value: string): string {
  return value.length > WIDEST_VALUE ? `${value.slice(0, WIDEST_VALUE - 1)}…` : value
}
