/** Events pass as wholes, however the bytes fall; a half at the end is dropped. */
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wholeEvents } from '../../../dashboard/api/chatStream.ts'

it('never lets half an event pass', async () => {
  const event = fc.string({ minLength: 1 }).map((text) => `data: ${text.replaceAll('\n', ' ')}`)
  await fc.assert(
    fc.asyncProperty(fc.array(event), event, fc.array(fc.nat(20)), async (events, half, cuts) => {
      const whole = Buffer.from(events.map((text) => `${text}\n\n`).join(''))
      const bytes = Buffer.concat([whole, Buffer.from(half)])
      expect(await buffer(Readable.from(cutUp(bytes, cuts)).pipe(wholeEvents()))).toEqual(whole)
    }),
  )
})

function cutUp(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  let from = 0
  for (const length of cuts) {
    pieces.push(bytes.subarray(from, from + length))
    from += length
  }
  return [...pieces, bytes.subarray(from)].filter((piece) => piece.length > 0)
}
