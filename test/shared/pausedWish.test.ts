import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pauseDesired, readDesired, resumeDesired, wouldResume, writeDesired } from '../../src/shared/desired.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-desired-'))
  path = join(folder, 'desired')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a wish that the service manager pauses', () => {
  it('counts as stopped for everybody until its next start', () => {
    writeDesired(path, 'running')
    pauseDesired(path)
    expect([readDesired(path), wouldResume(path)]).toEqual(['stopped', true])
    expect(resumeDesired(path)).toBe(true)
    expect([readDesired(path), readFileSync(path, 'utf8')]).toEqual(['running', 'running\n'])
  })

  it('never undoes what a person wants', () => {
    writeDesired(path, 'stopped')
    pauseDesired(path)
    expect([wouldResume(path), resumeDesired(path), readDesired(path)]).toEqual([false, false, 'stopped'])
    writeDesired(path, 'running')
    pauseDesired(path)
    writeDesired(path, 'stopped')
    expect([wouldResume(path), resumeDesired(path)]).toEqual([false, false])
  })

  it('is stopped where nothing was ever written', () => {
    expect([wouldResume(path), resumeDesired(path), readDesired(path)]).toEqual([false, false, 'stopped'])
  })

  it('waits for the first start of a service that was installed without one', () => {
    pauseDesired(path)
    expect([readDesired(path), resumeDesired(path), readDesired(path)]).toEqual(['stopped', true, 'running'])
  })
})
