import fc from 'fast-check'
import { expect, it } from 'vitest'
import { counter, exposition, gauge } from '../../../src/shared/metrics/exposition.ts'
import { readExposition } from './strictExposition.ts'

it('is read back as it was told, whatever stands in a label or a help', () => {
  const letter = fc.constantFrom(...'ab"\\\n\r\t{},= #\0\u2028\u202e', '\ud800', '\ud83d\ude00', '\uc624')
  const anyText = fc.oneof(fc.string({ unit: letter }), fc.constantFrom('\\n', '<script>', '"} 1\nottugi_up 0'))
  const value = fc.oneof(
    fc.double({ noNaN: true }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-9, -0),
  )
  fc.assert(
    fc.property(
      fc.uniqueArray(anyText, { maxLength: 5, minLength: 1, selector: kept }),
      anyText,
      value,
      (texts, help, number) => {
        const samples = texts.map((text) => ({ labels: { app: text, other: 'x' }, value: number }))
        const family = readExposition(exposition([gauge('ottugi_something', `h${help}`.trim(), samples)])).get(
          'ottugi_something',
        )
        expect(family?.samples.map(({ labels }) => labels['app'])).toEqual(texts.map(kept))
        expect(family?.samples.every((sample) => Object.is(sample.value, number === 0 ? 0 : number))).toBe(true)
      },
    ),
  )
})

/** A line break of another kind would end a line for some readers; half a character is none. */
function kept(text: string): string {
  return text.toWellFormed().replaceAll('\r', ' ')
}

it('leaves out what is not known, and a name of which nothing is', () => {
  const text = exposition([
    gauge('ottugi_a', 'A.', null),
    counter('ottugi_b_total', 'B.', [
      { labels: { app: 'x' }, value: null },
      { labels: { app: 'y' }, value: 0 },
    ]),
    counter('ottugi_c_total', 'C.', []),
  ])
  expect(text).toBe('# HELP ottugi_b_total B.\n# TYPE ottugi_b_total counter\nottugi_b_total{app="y"} 0\n')
})
