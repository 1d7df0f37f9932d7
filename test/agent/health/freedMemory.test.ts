/** Freed memory between blocks in use goes back to the system: in a process of its own, whose C library nobody else uses. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { appRoot } from '../../../src/shared/paths.ts'

const MODULE = pathToFileURL(join(appRoot, 'src', 'agent', 'health', 'freedMemory.ts')).href
const MIB = 1_048_576
const SCRIPT = `
const { giveBackFreed } = await import(${JSON.stringify(MODULE)})
// Too small for pages of their own, and every hundredth is kept: the C library cannot give back from the end.
const blocks = Array.from({ length: 6_000 }, () => Buffer.allocUnsafeSlow(16_384).fill(1))
const kept = blocks.filter((_, index) => index % 100 === 0)
blocks.length = 0
gc()
await new Promise((resolve) => setImmediate(resolve))
gc()
const before = process.memoryUsage.rss()
const isDone = giveBackFreed()
console.log(JSON.stringify({ isDone, freed: before - process.memoryUsage.rss(), kept: kept.length }))`

it.runIf(process.platform === 'linux')('gives back what was freed and lies between what is in use', async () => {
  const words = ['--expose-gc', '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', SCRIPT]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words)
  const { isDone, freed } = JSON.parse(stdout) as { isDone: boolean; freed: number }
  expect({ isDone, stderr }).toEqual({ isDone: true, stderr: '' })
  expect(freed).toBeGreaterThan(40 * MIB)
})
