/** The open descriptors of this process (files, sockets, pipes) against its own limit. */
import { readdirSync, readFileSync } from 'node:fs'
import { report } from 'node:process'

/** From this share of the limit on, a word is said. */
const HIGH_SHARE = 0.6
/** At this share the process leaves: what drains needs some itself. */
export const DESCRIPTOR_SHARE = 0.8
/** So many looks in a row above it count: a burst of connections is no leak. */
const LEAK_LOOKS = 3
/** While there are plenty, every so many looks one is taken. */
const CALM_LOOKS = 5

/** How many are open, and how many may be. */
export type Descriptors = { readonly open: number; readonly limit: number }

/** `leak`: so many for so long that the process should leave. */
export type DescriptorVerdict = { readonly kind: 'well' | 'high' | 'leak' } & Descriptors

/** The last limit that could be read: with a full table not even that can be looked up. */
let knownLimit: number | undefined

/** Counts them now; undefined where the system does not say. A full table, which cannot even be listed, counts as full. */
export function readDescriptors(): Descriptors | undefined {
  const isLinux = process.platform === 'linux'
  try {
    // The limit may be changed from outside while we run; elsewhere it is slow to look up.
    knownLimit = isLinux ? limitOf(readFileSync('/proc/self/limits', 'utf8')) : (knownLimit ?? reportedLimit())
    // The listing itself holds one.
    const open = readdirSync(isLinux ? '/proc/self/fd' : '/dev/fd').length - 1
    return knownLimit === undefined ? undefined : { open, limit: knownLimit }
  } catch (error) {
    const isFull = ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '')
    return isFull && knownLimit !== undefined ? { open: knownLimit, limit: knownLimit } : undefined
  }
}

/** The soft limit, out of `/proc/<pid>/limits`; undefined where there is none. */
function limitOf(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  return soft === undefined ? undefined : Number(soft)
}

/** The soft limit as Node's own report tells it. */
function reportedLimit(): number | undefined {
  // The addresses of peers, which it would look up, are not needed.
  Object.assign(report, { excludeNetwork: true })
  const { userLimits } = report.getReport() as { userLimits?: Record<string, { soft?: number | string }> }
  const soft = Number(userLimits?.['open_files']?.soft)
  return Number.isFinite(soft) ? soft : undefined
}

/** Makes the watch; each call is one look. */
export function createDescriptorWatch(
  read: () => Descriptors | undefined = readDescriptors,
): () => DescriptorVerdict | undefined {
  let verdict: DescriptorVerdict | undefined
  let highLooks = 0
  let restLooks = 0
  return () => {
    if (restLooks > 0) {
      restLooks--
      return verdict
    }
    const now = read()
    const share = now ? now.open / now.limit : 0
    highLooks = share >= DESCRIPTOR_SHARE ? highLooks + 1 : 0
    restLooks = share < HIGH_SHARE / 2 ? CALM_LOOKS - 1 : 0
    verdict = now && { kind: kindOf(share, highLooks), ...now }
    return verdict
  }
}

function kindOf(share: number, highLooks: number): DescriptorVerdict['kind'] {
  if (highLooks >= LEAK_LOOKS || share >= 1) return 'leak'
  return share >= HIGH_SHARE ? 'high' : 'well'
}
