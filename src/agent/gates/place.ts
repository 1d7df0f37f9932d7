/** PURE. Where a path leads, by its text: relative ones begin in the workspace. */
import type { PathDeed, Place } from './deed.ts'

/** What the gates know of the folders: absolute paths without a slash at the end. */
export type Ground = {
  readonly workspace: string
  /** The owner's further folders. */
  readonly folders: readonly { readonly path: string; readonly isWritable: boolean }[]
  /** Hosts that may be read without a question: `host` or `*.host`. */
  readonly hosts: readonly string[]
}

const STREAMS = /^\/dev\/(null|zero|full|random|urandom|stdin|stdout|stderr|tty|fd\/\d+)$/
const SYSTEM = /^\/(usr|bin|sbin|lib|lib64|opt)(\/|$)/
const SURELY_SECRET = [
  /^\.env(\..*|rc)?$/,
  /^\.(netrc|pgpass|npmrc|pypirc|git-credentials|vault-token|htpasswd)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)$/,
]
const SECRET_FOLDERS = /^\.(ssh|aws|gnupg|kube|docker|azure|password-store)$/
const PERHAPS_SECRET = /credential|secret|passw(or)?d|token|api_?key|(^|[._-])keys?([._-]|$)|kubeconfig/
const EXAMPLES = /\.(example|sample|template|dist)$/

/** Resolves a path without touching the disk. `~` and what only bash knows lead nowhere that we know. */
export function resolvePath(ground: Ground, path: string): string {
  const parts = path.startsWith('/') ? [] : ground.workspace.split('/').filter(Boolean)
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** The deed of reading or writing a path. Bytes that end a path, and `~`, lead outside. */
export function pathDeed(ground: Ground, path: string, how: Pick<PathDeed, 'access' | 'via'>): PathDeed {
  const resolved = resolvePath(ground, path)
  const isStrange = path.startsWith('~') || path.includes('\0')
  const place = isStrange ? 'outside' : placeOf(ground, resolved)
  const isInside = place === 'workspace' || place === 'git'
  const inside =
    isInside && isBelow(resolved, ground.workspace) ? resolved.slice(ground.workspace.length + 1) : undefined
  const shown = isStrange ? path : (inside ?? (place === 'root' ? '.' : resolved))
  return { kind: 'path', ...how, place, path: shown, secret: secrecyOf(shown) }
}

function placeOf({ workspace, folders }: Ground, path: string): Place {
  if (path === workspace) return 'root'
  if (isBelow(path, workspace)) return insideOf(path.slice(workspace.length + 1))
  const folder = folders.find((one) => path === one.path || isBelow(path, one.path))
  if (folder) return folder.isWritable ? insideOf(path.slice(folder.path.length + 1)) : 'shown'
  if (STREAMS.test(path)) return 'stream'
  if (/^\/dev\/(tcp|udp)(\/|$)/.test(path)) return 'socket'
  if (path.startsWith('/tmp/')) return 'scratch'
  return SYSTEM.test(path) ? 'system' : 'outside'
}

/** Case is not kept by every file system: `.GIT` may be `.git`. */
function insideOf(relative: string): Place {
  return relative.toLowerCase().split('/').includes('.git') ? 'git' : 'workspace'
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}

/** Whether a name is that of a file with secrets. */
export function secrecyOf(path: string): PathDeed['secret'] {
  const parts = path.toLowerCase().split('/')
  const name = parts.at(-1) ?? ''
  if (parts.some((part) => SECRET_FOLDERS.test(part))) return 'yes'
  if (EXAMPLES.test(name)) return 'no'
  if (SURELY_SECRET.some((pattern) => pattern.test(name))) return 'yes'
  return PERHAPS_SECRET.test(name) && !/\.(ts|tsx|js|mjs|py|go|rs|c|h|java|md|css|html)$/.test(name) ? 'maybe' : 'no'
}
