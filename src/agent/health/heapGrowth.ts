/** How fast the heap may grow between two collections. Said while the agent runs: as a flag of its start it would cost it the compile cache that it shares with the others. */
import { setFlagsFromString } from 'node:v8'

/** What a busy agent leaves behind would otherwise fill twice the memory before it is collected, and none of it goes back while it rests. */
const PERCENT = 50

/** From now on a heap that was collected grows by half before it is collected again. What is loaded later is compiled anew: call it when all is loaded. */
export function growSlowly(): void {
  setFlagsFromString(`--heap-growing-percent=${PERCENT}`)
}
