import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadTools } from '../../../src/agent/sandbox/loadTools.ts'
import * as noSchemas from '../../../src/agent/sandbox/noSchemas.ts'

const TOOLS = join(import.meta.dirname, '../../../src/agent/tools')

it('knows every word of the library of schemas that a tool uses', () => {
  const used = readdirSync(TOOLS).flatMap((name) =>
    [...readFileSync(join(TOOLS, name), 'utf8').matchAll(/\bz\.([a-z]\w*)\(/g)].map(([, word = '']) => word),
  )
  expect(used.length).toBeGreaterThan(50)
  expect([...new Set(used)].filter((word) => !(word in noSchemas))).toEqual([])
})

it('answers whatever is built with it, and is no promise', async () => {
  const { object, string } = noSchemas as unknown as Record<string, (...words: unknown[]) => { then?: unknown }>
  const built = object?.({ a: string?.('x') })
  expect([typeof built, built?.then]).toEqual(['function', undefined])
  expect(await built).toBe(built)
})

it('gives the tools of a module', async () => {
  const tools = await loadTools(`file://${import.meta.dirname}/probeTools.ts`)
  expect(tools.map(({ name }) => name)).toContain('js')
})
