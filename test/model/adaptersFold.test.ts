/** Laws of the folds: cut and mixed as it may be, an answer is the same; and whatever comes is a result, never a throw. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldAnthropic } from '../../src/model/anthropicAnswer.ts'
import type { ModelRequest } from '../../src/model/modelCall.ts'
import { foldOpenai } from '../../src/model/openaiAnswer.ts'
import { type AnswerFold, retryAfterMs } from '../../src/model/providerCall.ts'

const REQUEST: ModelRequest = { model: 'm', system: '', turns: [], maxTokens: 9 }

/** An answer to be sent: its text and its calls, each cut into pieces. */
type Plan = {
  readonly text: readonly string[]
  readonly calls: readonly { readonly name: string; readonly pieces: readonly string[] }[]
}

const input = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })

/** A text with cuts at random places. */
const inPieces = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 4 }).map((cuts) => {
    const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
    return places.slice(1).map((end, index) => text.slice(places[index], end))
  })

const plan: fc.Arbitrary<Plan> = fc.record({
  text: fc.array(fc.string({ minLength: 1 }), { maxLength: 4 }),
  calls: fc.array(
    fc.record({
      name: fc.constantFrom('look', 'write'),
      pieces: input.chain((value) => inPieces(JSON.stringify(value))),
    }),
    { maxLength: 4 },
  ),
})

/** Mixes rows without changing the order within a row. */
function mixed<Item>(rows: readonly (readonly Item[])[], picks: readonly number[]): Item[] {
  const left = rows.map((row) => [...row])
  const order: Item[] = []
  for (let turn = 0; left.some((row) => row.length > 0); turn += 1) {
    const open = left.filter((row) => row.length > 0)
    const row = open[(picks[turn % picks.length] ?? 0) % open.length]
    const item = row?.shift()
    if (item !== undefined) order.push(item)
  }
  return order
}

function anthropicRows({ text, calls }: Plan): object[][] {
  const start = (index: number, content: object) => ({ type: 'content_block_start', index, content_block: content })
  const delta = (index: number, part: object) => ({ type: 'content_block_delta', index, delta: part })
  const said = text.map((piece) => delta(0, { type: 'text_delta', text: piece }))
  return [
    [start(0, { type: 'text', text: '' }), ...said, { type: 'content_block_stop', index: 0 }],
    ...calls.map(({ name, pieces }, place) => [
      start(place + 1, { type: 'tool_use', id: `c${place}`, name, input: {} }),
      ...pieces.map((piece) => delta(place + 1, { type: 'input_json_delta', partial_json: piece })),
      { type: 'content_block_stop', index: place + 1 },
    ]),
  ]
}

function openaiRows({ text, calls }: Plan): object[][] {
  const chunk = (delta: object) => ({ choices: [{ delta, finish_reason: null }] })
  const piece = (index: number, part: object) => chunk({ tool_calls: [{ index, function: part }] })
  return [
    text.map((content) => chunk({ content })),
    ...calls.map(({ name, pieces }, index) => [
      chunk({ tool_calls: [{ index, id: `c${index}`, function: { name, arguments: '' } }] }),
      ...pieces.map((part) => piece(index, { arguments: part })),
    ]),
  ]
}

const WIRES: readonly [string, () => AnswerFold, (plan: Plan) => object[][], readonly object[]][] = [
  [
    'anthropic',
    () => foldAnthropic(REQUEST, () => 'seal'),
    anthropicRows,
    [
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ],
  ],
  ['openai', () => foldOpenai(REQUEST), openaiRows, [{ choices: [{ delta: {}, finish_reason: 'stop' }] }]],
]

describe.each(WIRES)('%s', (_, createFold, rowsOf, end) => {
  const read = (events: readonly unknown[]) => {
    const fold = createFold()
    const heard = events.map((event) => fold.take(event) ?? '').join('')
    return { result: fold.finished(), heard }
  }

  it('reads the same answer however its pieces are cut and mixed', () => {
    fc.assert(
      fc.property(plan, fc.array(fc.nat(7), { minLength: 1, maxLength: 40 }), (answer, picks) => {
        const { result, heard } = read([...mixed(rowsOf(answer), picks), ...end])
        const text = answer.text.join('')
        const calls = answer.calls.map(({ name, pieces }, place) => ({
          id: `c${place}`,
          name,
          input: JSON.parse(pieces.join('')),
        }))
        expect(heard).toBe(text)
        if (text === '' && calls.length === 0) expect(result.ok).toBe(false)
        else expect(result).toMatchObject({ ok: true, text, calls, stop: calls.length > 0 ? 'tools' : 'end' })
      }),
    )
  })

  it('takes half of any answer for none', () => {
    fc.assert(
      fc.property(plan, fc.nat(), (answer, cut) => {
        const events = rowsOf(answer).flat()
        expect(read(events.slice(0, cut % (events.length + 1))).result).toMatchObject({ ok: false, kind: 'bad-answer' })
      }),
    )
  })

  it('makes a result of anything', () => {
    const shape = (event: object): fc.Arbitrary<unknown> =>
      fc.record(
        Object.fromEntries(
          Object.keys(event).map((key) => [key, fc.oneof(fc.constant((event as never)[key]), fc.jsonValue())]),
        ),
        { requiredKeys: [] },
      )
    const known = [...rowsOf({ text: ['a'], calls: [{ name: 'look', pieces: ['{}'] }] }).flat(), ...end]
    const anything = fc.oneof(fc.jsonValue(), ...known.map(shape), fc.constantFrom(...known))
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 12 }), (events) => {
        const { result } = read(events)
        expect(typeof result.ok).toBe('boolean')
        for (const call of result.ok ? result.calls : []) {
          expect([typeof call.id, typeof call.name]).toEqual(['string', 'string'])
          expect(call.broken === undefined).toBe(typeof call.input === 'object' && call.input !== null)
        }
        for (const tokens of Object.values(result.usage)) expect(Number.isFinite(tokens) && tokens >= 0).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a wish to wait', () => {
  const NOW_MS = Date.parse('2026-11-21T00:00:00Z')
  it.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Sat, 21 Nov 2026 00:00:09 GMT' }, 9_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'Fri, 20 Nov 2026 00:00:00 GMT' }, 0],
    [{ 'retry-after': '7', 'retry-after-ms': '1500' }, 1_500],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, 0],
    [{ 'retry-after': '9'.repeat(30) }, 86_400_000],
  ])('%o is %s ms', (headers, ms) => expect(retryAfterMs(new Headers(headers), NOW_MS)).toBe(ms))
})
