/**
 * The witness: how far the journal was, in a file beside it. SQLite passes over a write-ahead log that was cut without a word;
 * the guardian reads this number and can say exactly which acknowledged events are gone.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

export type Witness = { readonly note: (seq: number) => void; readonly close: () => void }

/** Always the same length, so that one write at the beginning replaces the whole content. */
const WIDTH = 40

/**
 * Opens the witness. A note is one small write without a sync: it survives the death of the process, which is what cuts logs short;
 * after a power cut the journal itself, which is synced, is the better witness. A note that fails (full disk) is passed over.
 */
export function openWitness(path: string): Witness {
  const fd = openSync(path, 'a+', 0o600)
  closeSync(fd)
  const file = openSync(path, 'r+')
  return {
    note(seq) {
      try {
        writeSync(file, `${JSON.stringify({ seq }).padEnd(WIDTH)}\n`, 0)
      } catch {
        // The event itself is what counts.
      }
    },
    close: () => closeSync(file),
  }
}
