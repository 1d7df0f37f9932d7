/** Entry point of a drill on a small disk: `mount` inside the new namespace, then `play` as oneself. Prints the result as one line of JSON. */
import { type Drill, playDrill } from './drill.ts'
import { DRILLS } from './drills.ts'
import { mountAndGoOn, type StageOrder } from './smallDisk.ts'

function drillOf(id: string): Drill {
  const drill = DRILLS.find((candidate) => candidate.id === id)
  if (!drill) throw new Error(`expected a drill, got ${id}`)
  return drill
}

const [step, json = '{}'] = process.argv.slice(2)
const order = JSON.parse(json) as StageOrder
const line =
  step === 'mount' ? await mountAndGoOn(order) : JSON.stringify(await playDrill(drillOf(order.drill), order.folder))
process.stdout.write(`${line}\n`)
