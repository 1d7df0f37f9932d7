import { parse } from 'yaml'
import type { ValueKind } from './keys.ts'

/**
 * Reads the value of a setting from plain text, as variables and the command line give it. Text that does not fit is returned as it is,
 * so that the check of the schema can say what was expected. A list is `[a, b]` or `a,b`.
 */
export function valueFromText(kind: ValueKind, written: string): unknown {
  const trimmed = written.trim()
  switch (kind) {
    case 'number':
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : written
    case 'boolean':
      return booleanFrom(trimmed.toLowerCase()) ?? written
    case 'list':
      return trimmed.startsWith('[') ? fromYaml(trimmed) : namesFrom(trimmed)
    case 'choice':
      return trimmed
    default:
      return /^(["'])[\s\S]*\1$/.test(trimmed) ? fromYaml(trimmed) : written
  }
}

function booleanFrom(word: string): boolean | undefined {
  if (['true', 'yes', 'on', '1'].includes(word)) return true
  return ['false', 'no', 'off', '0'].includes(word) ? false : undefined
}

function namesFrom(list: string): string[] {
  return list.split(',').flatMap((name) => name.trim() || [])
}

function fromYaml(flow: string): unknown {
  try {
    return parse(flow, { logLevel: 'silent', maxAliasCount: 0 })
  } catch {
    return flow
  }
}
