/** Entry point of the child in the sandbox. Built-ins only: where what Node makes of our code is to be kept, that begins before any of it is loaded. */
import { unlinkSync, writeFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/** Says to a child that it only has to load everything, and to keep what Node made of it in the folder that follows. */
const FILL = 'fill'

const [, , tools = '', word, folder] = process.argv
const isFilling = word === FILL && folder !== undefined
if (isFilling && isThere(folder)) enableCompileCache(folder)
const { serveTools } = await import('./childWork.ts')
await serveTools(tools, isFilling)

/** Node 26 tries for ever to make its folder in one that was removed while it is mounted: a home that is cleared away under an agent that was killed. */
function isThere(path: string): boolean {
  try {
    const probe = join(path, '.probe')
    writeFileSync(probe, '')
    unlinkSync(probe)
    return true
  } catch {
    return false
  }
}
