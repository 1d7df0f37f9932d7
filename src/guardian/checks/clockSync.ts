import { execFile } from 'node:child_process'
import { findProgram } from '../../repair/findProgram.ts'
import { text } from '../../shared/messages/text.ts'
import type { Check } from '../check.ts'

const LIMIT_MS = 3_000

/** Does anybody keep the wall clock right? Asked of systemd, which knows of all services that do; where there is none, or it does not run, nobody can say. */
export const clockSync: Check = {
  id: 'clockSync',
  title: 'synchronisation of the clock',
  look: async ({ environment, language }) => {
    const timedatectl = findProgram('timedatectl', environment)
    if (!timedatectl) return []
    const answer = await ask(timedatectl)
    if (answer !== 'no') return []
    const what = text(language, 'doctor.clockUnsynced')
    const human = text(language, 'doctor.clockUnsynced.human')
    return [{ check: 'clockSync', severity: 'warn', what, fault: 'clock-unsynced', human }]
  },
}

function ask(timedatectl: string): Promise<string> {
  const words = ['show', '--property=NTPSynchronized', '--value']
  return new Promise((resolve) => {
    execFile(timedatectl, words, { timeout: LIMIT_MS, env: { LC_ALL: 'C' } }, (error, out) =>
      resolve(error ? '' : out.trim()),
    )
  })
}
