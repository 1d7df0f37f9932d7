/** What is masked and what is not: the corpus, and laws over random texts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../../src/shared/redact/redactor.ts'
import { cleanLines, knownValues, secretCases } from './corpus.ts'
import { soup } from './soup.ts'

const knowing = createRedactor(knownValues())
const { redact } = createRedactor([])

describe('the corpus', () => {
  const cases = secretCases()
  const clean = cleanLines()

  it('is large enough to mean something', () => {
    expect(new Set(cases.map(({ line }) => line)).size).toBeGreaterThanOrEqual(300)
    expect(new Set(clean).size).toBeGreaterThanOrEqual(500)
  })

  it('loses every secret', () => {
    expect(cases.filter(({ line, secret }) => !line.includes(secret))).toEqual([])
    expect(cases.filter(({ line, secret }) => knowing.redact(line).includes(secret))).toEqual([])
  })

  it('names every mask by its kind', () => {
    const wrong = cases.filter(({ line, kind }) => !knowing.redact(line).includes(`[masked:${kind}]`))
    expect(wrong).toEqual([])
  })

  it('leaves every clean line as it is', () => {
    expect(clean.filter((line) => knowing.redact(line) !== line).map((line) => [line, knowing.redact(line)])).toEqual(
      [],
    )
  })

  it('loses every secret as one text too, and masking twice changes nothing', () => {
    const lines = cases.flatMap(({ line }, index) => [line, clean[index % clean.length] ?? ''])
    const masked = knowing.redact(lines.join('\n'))
    expect(cases.filter(({ secret }) => masked.includes(secret))).toEqual([])
    expect(knowing.redact(masked)).toBe(masked)
  })
})

describe('a mask', () => {
  it.each([
    ['token=[masked]', 'token=[masked]'],
    ['password: [masked:field]', 'password: [masked:field]'],
    ['password=[masked]rest1', 'password=[masked:field]'],
    ['Authorization: Bearer [masked]', 'Authorization: Bearer [masked]'],
    ['Cookie: a=[masked]', 'Cookie: [masked:header]'],
    ['https://a:[masked]@b', 'https://a:[masked]@b'],
  ])('%s becomes %s', (given, expected) => {
    expect(redact(given)).toBe(expected)
  })

  it('covers the value only', () => {
    expect(redact('{"user":"mina","password":"x\\"y, z","n":1}')).toBe(
      '{"user":"mina","password":"[masked:field]","n":1}',
    )
    expect(redact('postgres://shop:p%40ss@db:5432/shop')).toBe('postgres://shop:[masked:url]@db:5432/shop')
    expect(redact('a --token abcd1234 --port 1')).toBe('a --token [masked:flag] --port 1')
    expect(redact('password=ab,cd next=1')).toBe('password=[masked:field] next=1')
    expect(redact('password=abc, user=bob')).toBe('password=[masked:field], user=bob')
    expect(redact('Cookie: a=b; c=d\nHost: x')).toBe('Cookie: [masked:header]\nHost: x')
  })
})

describe('known values', () => {
  it('are not looked for where they are too short or of every day', () => {
    const values = [
      '',
      'ab',
      '12345',
      'true',
      'production',
      'localhost',
      '127.0.0.1:7710',
      '3000',
      'secret',
      'monkey',
      '/srv/app',
    ]
    const { redact: withOrdinary } = createRedactor(values)
    const line = `${values.join(' | ')} at localhost:3000`
    expect(withOrdinary(line)).toBe(line)
  })

  it('may be anything: signs, several lines, lone surrogates, very long', () => {
    const odd = [
      'a.*+?^$(){}|[]\\b',
      'line one of it\nline two of it',
      '\ud800\ud800\ud800\ud800\ud800\ud800',
      'x1'.repeat(40_000),
      '[masked:value]',
    ]
    const all = createRedactor(odd)
    for (const value of odd) expect(all.redact(`<${value}>`)).toBe('<[masked:value]>')
    expect(all.redact('1: line two of it')).toBe('1: [masked:value]')
  })
})

describe('laws', () => {
  it('a known value is gone in every encoding and surrounding', () => {
    const alphabet = 'abcXYZ0189 !"#$%&\'()*+,-./:;<=>?@[\\]^_{|}~é한'
    const secret = fc
      .string({ unit: fc.constantFrom(...alphabet), minLength: 8, maxLength: 40 })
      .map((text) => `k${text.trim()}9!`)
      .filter((text) => text.length >= 8)
    fc.assert(
      fc.property(secret, soup(12), soup(12), (value, before, after) => {
        const { redact: knows } = createRedactor([value])
        for (const shape of shapesOf(value)) expect(knows(`${before} ${shape} ${after}`)).not.toContain(shape)
        const middle = Math.ceil(value.length / 2)
        for (const gap of ['\n', '\r\n', '\\\n', '\n\t  ']) {
          const broken = value.slice(0, middle) + gap + value.slice(middle)
          expect(knows(`${before} ${broken} ${after}`)).not.toContain(broken)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('masking twice changes nothing', () => {
    fc.assert(
      fc.property(soup(30), (text) => {
        const once = knowing.redact(text)
        expect(knowing.redact(once)).toBe(once)
      }),
      { numRuns: 2_000 },
    )
  })

  it('a text does not grow beyond one mask for each of its letters, and stays well-formed', () => {
    fc.assert(
      fc.property(soup(30), (text) => {
        const masked = knowing.redact(text)
        expect(masked.length).toBeLessThanOrEqual(text.length * 24)
        expect(masked.isWellFormed() || !text.isWellFormed()).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void knowing.redact(text)))
  })
})

function shapesOf(value: string): string[] {
  const raw = Buffer.from(value)
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    encodeURIComponent(value).replaceAll('%20', '+'),
    raw.toString('hex'),
    raw.toString('hex').toUpperCase(),
    ...['', 'a', 'ab'].flatMap((before) => {
      const padded = Buffer.concat([Buffer.from(before), raw])
      return [padded.toString('base64'), padded.toString('base64url')]
    }),
  ]
}
