import { Transform } from 'node:stream'

/** Longest single event; a longer one is no answer of ours. In bytes. */
const MAX_EVENT = 8 * 1_024 * 1_024
const END = Buffer.from('\n\n')

/**
 * Lets server-sent events pass as wholes: what the sender left half is held back, so that a stream that breaks can go on with an event of ours.
 * Too long a half fails.
 */
export function wholeEvents(): Transform {
  let held: Buffer[] = []
  let heldBytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const before = held.at(-1)
      // The end of an event may lie across two chunks.
      const isSplit = chunk[0] === END[0] && before?.at(-1) === END[0]
      const at = chunk.lastIndexOf(END)
      const cut = at >= 0 ? at + END.length : isSplit ? 1 : 0
      if (cut > 0) {
        this.push(Buffer.concat([...held, chunk.subarray(0, cut)]))
        held = []
        heldBytes = 0
      }
      const rest = chunk.subarray(cut)
      if (rest.length > 0) held.push(rest)
      heldBytes += rest.length
      done(heldBytes > MAX_EVENT ? new Error(`an event is longer than ${MAX_EVENT} bytes`) : null)
    },
    // What is half at the end is dropped.
    flush: (done) => done(),
  })
}
