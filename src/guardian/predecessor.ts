/** Who runs in our place already, and does it still answer? */
import { livingOf } from '../repair/actions/stopOwnOrphan.ts'
import { type Identity, ownIdentity, sameProcess, stateOf } from '../shared/identity.ts'
import type { AppName, HomePaths } from '../shared/paths.ts'
import { readRuntimeFile } from '../shared/runtimeFile.ts'

/** How long a predecessor may take to say that it lives, in milliseconds: far above any pause of a working loop. */
const ANSWER_MS = 1_500

/** The newest living process of an app, other than this one. */
export function findOther(paths: HomePaths, app: AppName): Identity | undefined {
  return livingOf(paths, app).findLast((life) => !sameProcess(life, ownIdentity()))
}

/**
 * True when it can be asked to leave: it goes on, and its `/livez` answers. One that has not announced an address is still on its way
 * to a start, and is believed.
 */
export async function answers(paths: HomePaths, app: AppName, other: Identity): Promise<boolean> {
  const state = stateOf(other)
  if (state === undefined || state === 'T' || state === 't') return false
  const file = readRuntimeFile(paths, app)
  if (!file?.url || !sameProcess(file, other)) return true
  return isLive(new URL('/livez', file.url))
}

async function isLive(url: URL): Promise<boolean> {
  // Seldom needed, and not quick to load.
  const { get } = await import('node:http')
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: ANSWER_MS }, (response) => {
      response.destroy()
      // Any answer at all shows that its loop turns.
      resolve(true)
    })
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', () => resolve(false))
  })
}
