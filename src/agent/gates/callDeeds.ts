/** PURE. What a call of a tool would do, by the tool's name and input. */
import type { Deed, PathDeed } from './deed.ts'
import { requestDeed } from './host.ts'
import { type Ground, pathDeed } from './place.ts'
import { shellDeeds } from './shell/commandDeeds.ts'

/** Tools that are judged by the paths in their input, and what they do there. */
const FILE_TOOLS: Readonly<Record<string, PathDeed['access']>> = {
  read_file: 'read',
  list_dir: 'read',
  glob: 'read',
  grep: 'read',
  sqlite_query: 'read',
  write_file: 'write',
  edit_file: 'write',
}
/** Tools that are judged by the address in their input. */
const WEB_TOOLS = new Set(['http_fetch', 'http_post', 'web_to_text', 'web_page'])
/** Fields of inputs that hold paths, whoever's they are. */
const PATH_FIELDS = [
  'path',
  'file',
  'folder',
  'dir',
  'directory',
  'cwd',
  'root',
  'database',
  'db',
  'repo',
  'repository',
  'paths',
  'files',
]
/** Patterns of paths: only one that begins elsewhere or climbs is looked at. */
const PATTERN_FIELDS = ['glob', 'include']

/** Takes a call apart; there is always at least one deed. Never throws, whatever the input. */
export function callDeeds(ground: Ground, tool: string, input: unknown): Deed[] {
  const fields = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {}
  if (tool === 'shell') return [...shellDeeds(ground, textOf(fields, 'command')), ...fieldPaths(ground, fields, 'read')]
  if (WEB_TOOLS.has(tool)) return [requestDeed(ground, methodOf(tool, fields), textOf(fields, 'url'))]
  const access = Object.hasOwn(FILE_TOOLS, tool) ? FILE_TOOLS[tool] : undefined
  const paths = fieldPaths(ground, fields, access ?? 'read')
  if (!access) return [{ kind: 'tool', tool }, ...paths]
  const patterns = [...PATTERN_FIELDS, ...(tool === 'glob' ? ['pattern'] : [])].flatMap((name) => textsOf(fields[name]))
  const climbing = patterns.filter(
    (pattern) => pattern.startsWith('/') || pattern.startsWith('~') || pattern.split('/').includes('..'),
  )
  const all = [...paths, ...climbing.map((pattern) => pathDeed(ground, pattern, { access, via: 'tool' }))]
  return all.length > 0 ? all : [pathDeed(ground, '.', { access, via: 'tool' })]
}

function fieldPaths(ground: Ground, fields: Readonly<Record<string, unknown>>, access: PathDeed['access']): Deed[] {
  return PATH_FIELDS.flatMap((name) => textsOf(fields[name])).map((path) =>
    pathDeed(ground, path, { access, via: 'tool' }),
  )
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
}

function textOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

/** A request with a body sends something, whatever it is called. */
function methodOf(tool: string, fields: Readonly<Record<string, unknown>>): string {
  const method = textOf(fields, 'method').toUpperCase() || (tool === 'http_post' ? 'POST' : 'GET')
  return (method === 'GET' || method === 'HEAD') && (fields['body'] !== undefined || fields['secret'] !== undefined)
    ? 'POST'
    : method
}
