/** Descriptors against the limit of the process: simulated for the decisions, and a real process with a lowered limit. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createDescriptorWatch, type Descriptors, readDescriptors } from '../../../src/agent/health/descriptors.ts'
import { appRoot } from '../../../src/shared/paths.ts'

/** Looks again and again at these shares of a limit of 100. */
function kindsOf(shares: readonly number[]) {
  const left = [...shares]
  const look = createDescriptorWatch(() => ({ open: left.shift() ?? 0, limit: 100 }))
  return shares.map(() => look()?.kind)
}

it('says a word at 60 of 100, and calls it a leak at 80 for three looks in a row, or when none is left', () => {
  expect(kindsOf([59, 60, 79])).toEqual(['well', 'high', 'high'])
  expect(kindsOf([80, 80, 80])).toEqual(['high', 'high', 'leak'])
  expect(kindsOf([80, 80, 79, 80, 80, 80])).toEqual(['high', 'high', 'high', 'high', 'high', 'leak'])
  expect(kindsOf([40, 100])).toEqual(['well', 'leak'])
})

it('looks seldom while there are plenty', () => {
  let looks = 0
  const look = createDescriptorWatch(() => {
    looks++
    return { open: 20, limit: 1_000 }
  })
  for (let second = 0; second < 50; second++) expect(look()).toEqual({ kind: 'well', open: 20, limit: 1_000 })
  expect(looks).toBe(10)
})

it('says nothing where the system says nothing', () => {
  expect(createDescriptorWatch(() => undefined)()).toBeUndefined()
})

/** Opens descriptors until there is none left, and prints what is counted on the way. */
const LEAK = `
  import { openSync, closeSync } from 'node:fs'
  const { readDescriptors } = await import(process.argv[1])
  const before = readDescriptors()
  const first = openSync('/dev/null')
  const after = readDescriptors()
  const held = [first]
  try { for (;;) held.push(openSync('/dev/null')) } catch {}
  const full = readDescriptors()
  held.forEach((fd) => closeSync(fd))
  console.log(JSON.stringify({ before, grewBy: after.open - before.open, full, again: readDescriptors() }))
`

it.skipIf(process.platform !== 'linux')(
  'counts its own, against its own limit, also when the table is full',
  async () => {
    const module = join(appRoot, 'src', 'agent', 'health', 'descriptors.ts')
    const words = ['--nofile=64:64', process.execPath, '--input-type=module', '-e', LEAK, module]
    const child = spawn('prlimit', words, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    expect(await once(child, 'close')).toEqual([0, null])
    const { before, grewBy, full, again } = JSON.parse(output) as Record<'before' | 'full' | 'again', Descriptors> & {
      grewBy: number
    }
    expect(grewBy).toBe(1)
    expect({ limit: before.limit, full, again }).toEqual({ limit: 64, full: { open: 64, limit: 64 }, again: before })
  },
)

it('finds some of this process', () => {
  const { open, limit } = readDescriptors() ?? { open: 0, limit: 0 }
  expect(open).toBeGreaterThan(3)
  expect(limit).toBeGreaterThan(open)
})
