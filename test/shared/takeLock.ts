/** Takes a stale lock again and again, in a race with others like it. Arguments: lock, mark, rounds. Prints how often it won; exits 1 when it was not alone. */
import { closeSync, openSync, unlinkSync, writeFileSync } from 'node:fs'
import { acquireLock } from '../../src/shared/lockFile.ts'

const [lock = '', mark = '', rounds = '0'] = process.argv.slice(2)
const DEAD = JSON.stringify({ pid: 4_194_300, startTicks: 1, nonce: 'dead' })

process.stdout.write('ready\n')
process.stdin.once('data', () => {
  let won = 0
  for (let round = 0; round < Number(rounds); round++) {
    const result = acquireLock(lock)
    if (!result.ok) continue
    won++
    // Whoever holds the lock is the only one that can make the mark.
    closeSync(openSync(mark, 'wx'))
    unlinkSync(mark)
    // As if it had died: the lock stays, and its owner is nobody.
    if (round % 2 === 0) writeFileSync(lock, DEAD)
    else result.release()
  }
  process.stdout.write(`${won}\n`)
  process.exit(0)
})
