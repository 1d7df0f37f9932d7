/** Reads the text of `ottugi.yaml`: its values, and where in the text each of them stands. */
import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import { phrase } from '../messages/phrase.ts'
import { type SettingsProblem, settingsProblem } from './problem.ts'

/** A place in the text, counted from 1. */
export type Position = { readonly line: number; readonly column: number }

/** One step into a YAML tree. */
export type PathStep = string | number

/** A file of settings that is YAML; whether the settings are valid is not yet known. */
export type YamlSettings = {
  readonly values: Readonly<Record<string, unknown>>
  readonly document: Document.Parsed
  /** Where a value (or, for `name`, its key) stands; of the nearest parent where the path does not exist. */
  readonly positionOf: (path: readonly PathStep[], what: 'name' | 'value') => Position | undefined
}

export type YamlResult =
  | { readonly ok: true; readonly yaml: YamlSettings }
  | { readonly ok: false; readonly problems: SettingsProblem[] }

const WHERE = 'ottugi.yaml'

/** Parses settings. Duplicate keys, several documents, floods of aliases and anything but a map are problems; an empty text is `{}`. */
export function parseYamlSettings(source: string): YamlResult {
  const lineCounter = new LineCounter()
  try {
    const document = parseDocument(source, { lineCounter, prettyErrors: false, uniqueKeys: true })
    if (document.errors.length > 0) {
      const problems = document.errors.map((error) => yamlProblem(error.message, positionAt(lineCounter, error.pos[0])))
      return { ok: false, problems }
    }
    // Aliases are of no use in settings; a few are harmless, nested ones can grow without limit.
    const values: unknown = document.toJS({ maxAliasCount: 20 })
    if (values !== null && (typeof values !== 'object' || Array.isArray(values))) return notAMap(values)
    const positionOf: YamlSettings['positionOf'] = (path, what) => {
      const offset = offsetOf(document.contents, path, what)
      return offset === undefined ? undefined : positionAt(lineCounter, offset)
    }
    return { ok: true, yaml: { values: { ...values }, document, positionOf } }
  } catch (error) {
    return { ok: false, problems: [yamlProblem((error as Error).message, undefined)] }
  }
}

function positionAt(lineCounter: LineCounter, offset: number): Position {
  const { line, col } = lineCounter.linePos(offset)
  return { line, column: col }
}

function yamlProblem(message: string, position: Position | undefined): SettingsProblem {
  const got = phrase('got.value', { value: message.split('\n', 1)[0] ?? message })
  return settingsProblem({ where: WHERE, ...position, expected: phrase('expected.yaml'), got })
}

function notAMap(value: unknown): YamlResult {
  const got = Array.isArray(value) ? phrase('got.list') : phrase('got.hidden', { length: String(value).length })
  return { ok: false, problems: [settingsProblem({ where: WHERE, line: 1, expected: phrase('expected.map'), got })] }
}

function offsetOf(root: unknown, path: readonly PathStep[], what: 'name' | 'value'): number | undefined {
  let node = root
  let offset: number | undefined
  for (const [index, step] of path.entries()) {
    const found = stepInto(node, step)
    if (!found) return offset
    const isNameWanted = what === 'name' && index === path.length - 1
    offset = (isNameWanted ? undefined : startOf(found.value)) ?? startOf(found.key) ?? offset
    node = found.value
  }
  return offset
}

function stepInto(node: unknown, step: PathStep): { key: unknown; value: unknown } | undefined {
  if (isMap(node)) return findPair(node, String(step))
  if (!isSeq(node)) return undefined
  const value = node.items[Number(step)]
  return value === undefined ? undefined : { key: value, value }
}

/** The pair of a key in a map, or undefined. */
export function findPair(map: YAMLMap<unknown, unknown>, key: string) {
  return map.items.find((pair) => isPair(pair) && (isScalar(pair.key) ? String(pair.key.value) : undefined) === key)
}

function startOf(node: unknown): number | undefined {
  if (!isNode(node)) return undefined
  const [start, end] = (node as ParsedNode).range ?? []
  // A value that is missing has no width: point at its key instead.
  return start === undefined || start === end ? undefined : start
}
