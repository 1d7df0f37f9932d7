/** Masking in pieces: how a text is cut changes nothing, memory and work stay bounded. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedaction } from '../../../src/shared/redact/redactor.ts'
import { cleanLines, knownValues, secretCases } from './corpus.ts'
import { soup } from './soup.ts'

const SECRET = 'Tr0ub4dor&3-straddles'
const open = createRedaction([SECRET, ...knownValues()])

function whole(text: string): string {
  const redaction = open()
  return redaction.push(text) + redaction.end()
}

function inPieces(text: string, sizes: readonly number[]): string {
  const redaction = open()
  let masked = ''
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    masked += redaction.push(text.slice(at, at + size))
    at += size
  }
  return masked + redaction.end()
}

const corpus = [...secretCases().map(({ line }) => line), ...cleanLines()].join('\n')

describe('a text in pieces', () => {
  it('comes out the same as in one, for long texts too', () => {
    const long = corpus.repeat(4)
    const expected = whole(long)
    for (const sizes of [[1_000], [65_536], [81_920], [65_535, 2, 30_001]]) expect(inPieces(long, sizes)).toBe(expected)
  })

  it('comes out the same as in one, for any pieces', () => {
    fc.assert(
      fc.property(soup(60), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (text, sizes) => {
        expect(inPieces(text, sizes)).toBe(whole(text))
      }),
    )
  })

  it.each([
    ['without a line break', 'x'],
    ['of words', 'word '],
    ['of lines', 'a line of a log\n'],
    ['of letters that are two', '\ud83d\ude00'],
  ])('masks a secret on every border of a text %s', (_, filler) => {
    for (const border of [65_536, 81_920, 131_072]) {
      for (const before of [0, 1, 10, 20, 21]) {
        const lead = filler.repeat(Math.ceil(border / filler.length)).slice(0, border - before)
        const masked = inPieces(`${lead} password=${SECRET} and then ${filler.repeat(30_000)}`, [border, 7_000])
        expect(masked.includes('Tr0ub4') || masked.includes('straddles')).toBe(false)
        expect(masked.slice(0, 60_000)).toBe(lead.slice(0, 60_000))
        expect(masked.endsWith(filler.repeat(1_000))).toBe(true)
      }
    }
  })

  it('keeps name and value together, however far apart they stand on a border', () => {
    for (let before = 0; before < 40; before++) {
      const lead = 'y'.repeat(65_536 - before)
      expect(whole(`${lead} "password" : "hunter2 hunter2" ${'z'.repeat(40_000)}`)).not.toContain('hunter2')
    }
  })

  it('hides what is longer than it can hold with one mask', () => {
    const blob = Array.from({ length: 60_000 }, (_, index) => ((index * 2_654_435_761) % 1e9).toString(36)).join('')
    expect(blob.length).toBeGreaterThan(300_000)
    expect(inPieces(`data=${blob} end`, [10_000])).toBe('data=[masked:random] end')
  })
})

describe('the cost', () => {
  it.each([
    ['plain letters', 'a'],
    ['names of secrets', 'password='],
    ['open quotes', 'password="'],
    ['backslashes', '\\'],
    ['spaces', ' '],
    ['line breaks', '\n'],
    ['addresses', '://a:'],
    ['begun keys', '-----BEGIN PRIVATE KEY-----'],
    ['commands', 'curl '],
    ['headers', 'authorization: digest '],
    ['random letters', 'aB3dE5gH7'],
    ['JSON', '{"level":30,"token":"abcdef123","msg":"x"}'],
  ])('grows with the length only: %s', (_, piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
    const redaction = open()
    for (let at = 0; at < text.length; at += 50_000) {
      const slice = text.slice(at, at + 50_000)
      redaction.push(slice)
    }
    redaction.end()
    // Each letter is looked at in its own block and ahead of the one before, once more where something was masked.
    expect(redaction.examined()).toBeLessThanOrEqual(text.length * 4 + 400_000)
  })

  it('takes a line of ten million letters', () => {
    const line = '{"level":30,"time":"2026-11-20T21:00:00.000Z","path":"/srv/app/data/agent.db","tokens":512} '
    const text = line.repeat(Math.ceil(10_000_000 / line.length))
    const redaction = open()
    expect(redaction.push(text) + redaction.end()).toBe(text)
    expect(redaction.examined()).toBeLessThanOrEqual(text.length * 1.4)
  })

  it('holds back no more than a block and what it looks ahead', () => {
    const redaction = open()
    let out = 0
    for (let piece = 1; piece <= 200; piece++) {
      out += redaction.push('a line of words that hide nothing\n'.repeat(300)).length
      expect(piece * 300 * 34 - out).toBeLessThanOrEqual(65_536 + 16_384 + 65_536)
    }
  })

  it('counts masks by kind', () => {
    const redaction = open()
    redaction.push(`password=a1 token=abcdefgh ${SECRET}`)
    redaction.end()
    expect(Object.fromEntries(redaction.counts)).toEqual({ field: 2, value: 1 })
  })
})
