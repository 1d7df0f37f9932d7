/** The tables of the benches: what they say of numbers, of what never happened and of what was not measured. No figure is ever tested. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { amount, promiseCells } from '../../scripts/bench/cells.ts'
import { matrixTable } from '../../scripts/bench/matrixReport.ts'
import type { DrillFacts, Measurement, Results } from '../../scripts/bench/measurement.ts'
import { MARKERS, MATRIX_MARKERS, renderResults, withRendered } from '../../scripts/bench/report.ts'
import { readResults, withMeasurement, writeResults } from '../../scripts/bench/resultsFile.ts'
import { isMet, mean, quantileOf, wilsonInterval } from '../../scripts/bench/statistics.ts'

const MACHINE = {
  cores: 2,
  cpu: 'a processor',
  memoryGiB: 4,
  kernel: '6.1.0',
  system: 'Debian GNU/Linux 12 (bookworm)',
  node: 'v26.10.0',
  isRoot: false,
}

function measurement(more: Partial<Measurement> = {}): Measurement {
  return {
    measuredAt: '2026-11-20T21:00:00.000Z',
    command: 'npm run bench -- --times 3',
    machine: MACHINE,
    loadBefore: 0.1,
    figures: {},
    ...more,
  }
}

const FACTS: DrillFacts = {
  row: 1,
  title: 'SIGKILL of the agent',
  n: 3,
  ok: 2,
  tiers: ['keepalive'],
  outcomes: ['healed'],
  modelRuns: 0,
  falseRestarts: 0,
  left: 0,
  failures: ['waited 30 s for another agent to be ready, in vain'],
}

const KILLED = measurement({
  figures: {
    ready: { title: 'ready again', unit: 'ms', values: [410, 395, null] },
    down: { title: 'client without service', unit: 'ms', values: [400, 390, null] },
  },
  drill: FACTS,
})

describe('statistics', () => {
  it('takes what never happened for worse than any number', () => {
    expect([quantileOf([3, null, 1], 0.5), quantileOf([3, null, 1], 0.95), quantileOf([], 0.5)]).toEqual([
      3,
      null,
      null,
    ])
  })

  it('calls a promise met when p95 keeps it, and says nothing without a measurement', () => {
    const values = [...Array(19).fill(500), 900]
    expect([isMet(values, 600), isMet([...values, 900], 600), isMet([500, null], 600), isMet([], 600)]).toEqual([
      true,
      false,
      false,
      undefined,
    ])
  })

  it.each([
    [48, 50],
    [92, 100],
  ])('puts the lower bound of %i of %i at 85 % or above', (ok, n) => {
    expect(wilsonInterval(ok, n).low).toBeGreaterThanOrEqual(0.85)
    expect(wilsonInterval(ok - 1, n).low).toBeLessThan(0.85)
  })

  it('knows nothing before the first run', () => {
    expect([wilsonInterval(0, 0), mean([])]).toEqual([{ low: 0, high: 1 }, null])
  })
})

describe('cells', () => {
  it('shows each unit as people read it', () => {
    expect([
      amount(412.4, 'ms'),
      amount(61_234, 'ms'),
      amount(0.134, '%'),
      amount(223.04, 'MiB'),
      amount(0, 'times'),
    ]).toEqual(['412 ms', '61.2 s', '0.13 %', '223.0 MiB', '0'])
  })

  it('leaves a weak row in, and says no', () => {
    const figure = { title: 'ready', unit: 'ms', values: [700, 800] } as const
    expect(promiseCells(figure, 600)).toEqual(['2', '700 ms', '800 ms', '≤ 600 ms', '**no**'])
    expect(promiseCells({ ...figure, values: [] }, 600)).toEqual(['0', '–', '–', '≤ 600 ms', '–'])
    expect(promiseCells({ ...figure, values: [null] }, null)).toEqual(['1', 'never', 'never', 'none', '–'])
  })
})

describe('the results file', () => {
  it('keeps the other benches when one is measured again, and reads back what it wrote', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ottugi-results-'))
    const file = join(folder, 'results.json')
    try {
      expect(readResults(file)).toEqual({ benches: {} })
      const idle = measurement({ notRun: ['[ nothing ]'] })
      const first = withMeasurement({ benches: { idle } }, 'sigkill', measurement())
      const second = withMeasurement(first, 'sigkill', KILLED)
      writeResults(file, second)
      expect(readResults(file)).toEqual({ benches: { idle, sigkill: KILLED } })
      expect(readFileSync(file, 'utf8')).toContain('"values": [410, 395, null]')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('the tables', () => {
  const results: Results = {
    benches: { sigkill: KILLED, peers: measurement({ notRun: ['runit: runsv is not installed'] }) },
  }

  it('says where, when and how it was measured, what failed and what was not run', () => {
    const lines = renderResults(results).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'Measured on: 2 cores (a processor), 4 GiB, Debian GNU/Linux 12 (bookworm), kernel 6.1.0, Node v26.10.0, as an ordinary user.',
        'Commands: `npm run bench -- --times 3`.',
        '- runit: runsv is not installed',
        '| SIGKILL of the agent → ready | 3 | 410 ms | never | ≤ 600 ms | **no** | 2026-11-20 |',
        '- sigkill: waited 30 s for another agent to be ready, in vain',
      ]),
    )
    expect(lines.find((line) => line.startsWith('| 1 | sigkill:'))).toBe(
      '| 1 | sigkill: SIGKILL of the agent | 3 | 2 (20–94 %) | – | 410 ms | never | 400 ms | never | – | keepalive | 0 | 0 | 2026-11-20 |',
    )
    expect(lines.find((line) => line.startsWith('Not measured: '))).toContain('event loop blocked for ever → ready')
  })

  it('puts all drills of a row of the matrix together, and says how much of it went as promised', () => {
    const lying = measurement({
      figures: { ready: { title: 'ready again', unit: 'ms', values: [90, 110] } },
      drill: { ...FACTS, row: 25, title: 'a lying model', n: 2, ok: 2, outcomes: ['escalated'], modelRuns: 2 },
    })
    const lines = renderResults({ benches: { sigkill: KILLED, lying, silent: lying } }).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        '| 1 | sigkill | 3 | 2 (20–94 %) | healed | 410 ms | never | 395 ms | 0 |',
        '| 25 | lying, silent | 4 | 4 (51–100 %) | escalated | 90 ms | 110 ms | – | 4 |',
        "Rows in which every run went as promised, without a person: 1 of 25 (promised: 24). Mean time without service, the mean of the rows' means: 395 ms (promised: at most 2000 ms). Runs in which a model was asked: 57.1 % of 7 (promised: at most 10 %). Fewest runs of a row: 3 (promised: 20).",
      ]),
    )
  })

  it('replaces only what stands between its marks', () => {
    const document = `before\n${MARKERS.begin}\nold\n${MARKERS.end}\nafter`
    expect(withRendered(document, 'new')).toBe(`before\n${MARKERS.begin}\n\nnew\n\n${MARKERS.end}\nafter`)
    expect(() => withRendered('no marks', 'new')).toThrow('expected the lines')
  })

  it('of BENCHMARKS.md are made from docs/bench-results.json: `npm run bench -- --markdown` writes them', () => {
    const root = join(import.meta.dirname, '..', '..')
    const document = readFileSync(join(root, 'BENCHMARKS.md'), 'utf8')
    const rendered = renderResults(readResults(join(root, 'docs', 'bench-results.json')))
    expect(document).toBe(withRendered(document, rendered))
  })

  it.each(['README.md', 'README.ko.md'])('of %s is the fault matrix out of the same file', (name) => {
    const root = join(import.meta.dirname, '..', '..')
    const document = readFileSync(join(root, name), 'utf8')
    const matrix = matrixTable(readResults(join(root, 'docs', 'bench-results.json')))
    expect(document).toBe(withRendered(document, matrix, MATRIX_MARKERS))
  })
})
