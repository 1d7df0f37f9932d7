import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redactJsonLine } from '../../../src/shared/redact/jsonLine.ts'
import { createRedactor } from '../../../src/shared/redact/redactor.ts'
import { soup } from './soup.ts'

const { redact } = createRedactor(['hunter-two', '{"a":"b"}', '":"'.repeat(3)])

describe('a line of a JSON log', () => {
  it.each([
    ['{"level":30,"msg":"ready"}\n', '{"level":30,"msg":"ready"}\n'],
    ['{"msg":"it is hunter-two"}\n', '{"msg":"it is [masked:value]"}\n'],
    ['{"password":123456,"n":1e21}\n', '{"password":"[masked]","n":1e+21}\n'],
    ['{"password":true,"token":null}\n', '{"password":true,"token":null}\n'],
    ['{"hunter-two":1}\n', '{"[masked:value]":1}\n'],
    ['{"env":{"API_KEY":["a1b2c3d4","x"]}}\n', '{"env":{"API_KEY":["a1b2c3d4","x"]}}\n'],
    ['no JSON, but password=hunter-three\n', 'no JSON, but password=[masked:field]\n'],
  ])('%s becomes %s', (given, expected) => {
    expect(redactJsonLine(given, redact)).toBe(expected)
  })

  it('stays one JSON value, whatever stands in it', () => {
    const value = fc.oneof(soup(12), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.array(soup(6)))
    fc.assert(
      fc.property(fc.dictionary(soup(4), value), (record) => {
        const masked = redactJsonLine(`${JSON.stringify(record)}\n`, redact)
        expect(typeof JSON.parse(masked)).toBe('object')
        expect(masked.endsWith('\n')).toBe(true)
        expect(masked).not.toContain('hunter-two')
      }),
      { numRuns: 1_000 },
    )
  })
})
