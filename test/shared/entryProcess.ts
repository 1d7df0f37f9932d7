/** A process of ours that begins as all do, and then does what its first argument says. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { enter } from '../../src/shared/entry.ts'

const [what = ''] = process.argv.slice(2)

await enter('dashboard', async () => {
  process.stdout.write('loaded\n')
  if (what === 'no-package') await import('no-such-package' as string)
  return async (boot) => {
    if (what === 'leave') boot.leave('stop')
    if (what === 'refuse') boot.refuse('some-fault', 'because', 42)
    if (what === 'throw') throw new Error('a bug')
    if (what === 'secret') throw new Error('cannot sign in with correct-horse-42 today')
    if (what === 'reject') void Promise.reject(new Error('nobody caught it'))
    if (what === 'late') setImmediate(() => JSON.parse('{'))
    setInterval(() => {
      process.stdout.write('still here\n')
      process.stderr.write('still here\n')
      appendFileSync(join(boot.paths.home, 'beats'), '.')
    }, 5)
  }
})
