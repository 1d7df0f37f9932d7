/** The SQLite adapter under the contract of the store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from './sqliteStore.ts'
import { storeContract } from './storeContract.ts'

storeContract('SQLite', {
  make: () => {
    const folder = mkdtempSync(join(tmpdir(), 'ottugi-store-'))
    return { place: join(folder, 'agent.db'), remove: () => rmSync(folder, { recursive: true, force: true }) }
  },
  open: openStore,
  module: join(import.meta.dirname, 'sqliteStore.ts'),
})
