/** Takes a secret out of what a server sends back: some echo what they were sent. */

/** How answers are masked. */
export type Masker = {
  readonly text: (text: string) => string
  readonly body: (bytes: Buffer, isCut: boolean) => string
}

const MASK = '[masked]'

/** Builds the mask for one secret, as it is and in the forms in which it is written elsewhere; undefined masks nothing. */
export function masker(secret: string | undefined): Masker {
  const forms = secret ? formsOf(secret) : []
  const text = (given: string) => forms.reduce((masked, form) => masked.replaceAll(form, MASK), given)
  return {
    text,
    body: (bytes, isCut) => {
      const masked = text(bytes.toString('utf8').toWellFormed())
      // The beginning of a secret may stand where the answer was cut.
      return isCut && forms.length > 0 ? masked.slice(0, -Math.max(...forms.map(({ length }) => length))) : masked
    },
  }
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const packed = [0, 1, 2].flatMap((before) => base64Inside(bytes, before))
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    ...packed,
  ]
  return [...new Set(forms)].sort((a, b) => b.length - a.length)
}

const BITS = { byte: 8, letter: 6 }

/** The letters of base64 that stand for these bytes alone, when so many others (modulo 3) come before them. */
function base64Inside(bytes: Buffer, before: number): string[] {
  const from = Math.ceil((before * BITS.byte) / BITS.letter)
  const to = Math.floor(((before + bytes.length) * BITS.byte) / BITS.letter)
  const all = Buffer.concat([Buffer.alloc(before), bytes])
  return [all.toString('base64').slice(from, to), all.toString('base64url').slice(from, to)].filter(
    (form) => form.length > 3,
  )
}
