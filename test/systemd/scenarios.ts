/** What happens inside a box, as its root: `node scenarios.ts NAME WORDS [--measured]`. The last line of the output is what was seen, as JSON. */
import { run, unmaskProc } from './inside.ts'
import { randomKills } from './randomKills.ts'
import { afterPowerCut, afterReboot, beforePowerCut, beforeReboot } from './reboots.ts'
import { edits, refusals } from './refusals.ts'
import type { Seen } from './stage.ts'
import { kills, system, withoutTools } from './systemService.ts'
import { updates } from './updates.ts'
import { user } from './userService.ts'

type Scenario = (...words: [string, string, string]) => Promise<Seen>
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ...{ refusals, edits, user, system, withoutTools, kills, randomKills, updates },
  ...{ beforeReboot, afterReboot, beforePowerCut, afterPowerCut },
}

const [name = '', ...words] = process.argv.slice(2).filter((word) => word !== '--measured')
// Two boxes are two boots: theirs is the one mask that tells them apart. None of those needs a sandbox.
unmaskProc(/Reboot|PowerCut/.test(name) ? '/proc/sys/kernel/random/boot_id' : undefined)
const scenario = SCENARIOS[name]
try {
  if (!scenario) throw new Error(`no scenario ${name}`)
  process.stdout.write(`${JSON.stringify(await scenario(...(words as [string, string, string])))}\n`)
  process.exit(0)
} catch (error) {
  process.stdout.write(`${(error as Error).stack}\n${run('ps', '-eo', 'pid,ppid,user,stat,args').out}${lastWords()}`)
  process.exit(1)
}

/** The ends of all logs, of whichever home. */
function lastWords(): string {
  const mine = ['(', '-name', '*.jsonl', '-o', '-name', '*.err.log', ')', '-mmin', '-9']
  const logs = run('find', '/var/lib/ottugi', '/home/mina', '/var/tmp', '-path', '*/logs/*', ...mine).out
  return run('tail', '-n', '8', ...logs.split('\n').filter(Boolean)).out
}
