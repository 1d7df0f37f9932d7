/** A process that puts a link in the place of a file or folder, and back, as fast as it can, until it is ended. Its argument is JSON: place and target. */
import { renameSync, symlinkSync, unlinkSync } from 'node:fs'

const { place, target }: { place: string; target: string } = JSON.parse(process.argv[2] ?? '')
const aside = `${place}.aside`

const attempt = (step: () => void) => {
  try {
    step()
  } catch {
    // The hands were faster: the next round tries again.
  }
}

process.stdout.write('ready')
for (;;) {
  attempt(() => renameSync(place, aside))
  attempt(() => symlinkSync(target, place))
  attempt(() => unlinkSync(place))
  attempt(() => renameSync(aside, place))
}
