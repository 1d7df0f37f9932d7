import { existsSync, watch } from 'node:fs'

const CLEAR = '\u001b[H\u001b[2J'
/** Writes of the journal come in heaps: one drawing for all of them, in milliseconds. */
const GATHER_MS = 300
/** The day may change, and a folder may come, without a write that is seen. */
const ANYWAY_MS = 5_000

/** What is watched, what is drawn, where, and until when. */
export type Watched = {
  /** The folder of the journal; it need not be there. */
  readonly folder: string
  readonly draw: () => void
  readonly out: (text: string) => void
  readonly until: Promise<void>
}

/** Draws now, and again when something in the folder changes. */
export async function watchCosts({ folder, draw, out, until }: Watched): Promise<void> {
  const redraw = () => {
    out(CLEAR)
    draw()
  }
  let gathering: NodeJS.Timeout | undefined
  const soon = () => {
    gathering ??= setTimeout(() => {
      gathering = undefined
      redraw()
    }, GATHER_MS)
  }
  // Before the first drawing: what comes in between is drawn.
  const events = existsSync(folder) ? watch(folder, soon).on('error', () => {}) : undefined
  const anyway = setInterval(soon, ANYWAY_MS)
  redraw()
  await until
  clearInterval(anyway)
  clearTimeout(gathering)
  events?.close()
}

/** Resolves when a person presses Ctrl-C, or somebody ends the command. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve)
  })
}
