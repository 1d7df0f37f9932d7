/** What happens inside a box, as its root: `node scenarios.ts NAME WORDS`. The last line of the output is what was seen, as JSON. */
import { run, unmaskProc } from './inside.ts'
import { randomKills } from './randomKills.ts'
import { afterPowerCut, afterReboot, beforePowerCut, beforeReboot } from './reboots.ts'
import { edits, refusals } from './refusals.ts'
import type { Seen } from './stage.ts'
import { kills, system, withoutTools } from './systemService.ts'
import { user } from './userService.ts'

type Scenario = (...words: [string, string, string]) => Promise<Seen>
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ...{ refusals, edits, user, system, withoutTools, kills, randomKills },
  ...{ beforeReboot, afterReboot, beforePowerCut, afterPowerCut },
}

unmaskProc()
const [name = '', ...words] = process.argv.slice(2)
const scenario = SCENARIOS[name]
try {
  if (!scenario) throw new Error(`no scenario ${name}`)
  process.stdout.write(`${JSON.stringify(await scenario(...(words as [string, string, string])))}\n`)
  process.exit(0)
} catch (error) {
  process.stdout.write(`${(error as Error).stack}\n${run('ps', '-eo', 'pid,ppid,user,stat,args').out}`)
  process.exit(1)
}
