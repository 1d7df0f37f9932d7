/** A restart and a start by hand while the supervisor is dead: alone, with the agent, with everything. Nothing may start outside of the unit. */
import { groupOf, type Ran, type RingInBox, run } from './inside.ts'

/** The exit codes, and who lives outside of the unit afterwards. `call`: how a person of this box calls the command line. */
export async function startWhileDead(ring: RingInBox, call: (command: readonly string[]) => Ran) {
  const outside: number[] = []
  const startAfter = async (victims: readonly (number | undefined)[], ...words: string[]) => {
    for (const pid of victims) if (pid !== undefined) process.kill(pid, 'SIGKILL')
    const { code, err } = call(ring.ottugi(...words))
    await ring.ready()
    outside.push(...ring.pids().filter((pid) => !groupOf(pid).includes('ottugi.service')))
    return code === 0 ? code : `${code}: ${err}${run('journalctl', '--no-pager', '-n', '25').out}`
  }
  const restart = await startAfter([ring.supervisorPid(), ring.living('agent')?.pid], 'restart')
  const start = await startAfter([ring.supervisorPid()], 'start')
  const startOfAll = await startAfter(ring.pids(), 'start')
  return { restart, start, startOfAll, outside }
}
