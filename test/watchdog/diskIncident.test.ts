import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openAlerts } from '../../src/alert/alertFile.ts'
import type { DiskRoom } from '../../src/shared/diskRoom.ts'
import { homePaths } from '../../src/shared/paths.ts'
import { closeDiskFull, type DiskStory, openDiskIncident, tellDiskFull } from '../../src/watchdog/diskIncident.ts'
import { openWatchStore } from '../../src/watchdog/store.ts'

const ROOM: DiskRoom = { freeBytes: 7.5 * 1_024 * 1_024, freeInodes: 12, isLow: true, isFull: true }
let story: DiskStory

beforeEach(() => {
  const paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-disk-incident-')))
  story = { paths, store: openWatchStore(`${paths.home}.db`), language: 'en' }
})

afterEach(() => {
  story.store.close()
  for (const path of ['', '.db', '.db-wal', '.db-shm'])
    rmSync(`${story.paths.home}${path}`, { recursive: true, force: true })
})

it('tells a person what is full, what to do and what still works, and takes it back when there is room', () => {
  const { paths, store } = story
  const file = tellDiskFull(story, ROOM, { forMs: 1_000, detectMs: 2_000 })
  const alert = readFileSync(file, 'utf8')
  expect(alert).toContain('The disk is full: 7 MiB and 12 inodes are free.')
  expect(alert).toContain(`Make room on the disk of ${paths.home}.`)
  expect(alert).toContain('questions are answered while what was held in reserve lasts')
  expect(openAlerts(paths)).toEqual(['S1'])
  expect(openDiskIncident(store)).toMatchObject({
    id: 'S1',
    fault: 'disk-full',
    tier: 'human',
    outcome: 'escalated',
    detectMs: 2_000,
    downMs: 0,
  })

  tellDiskFull(story, ROOM, { forMs: 3_000, detectMs: 2_000 })
  closeDiskFull(story, { forMs: 4_000, detectMs: 2_000 })
  expect(openAlerts(paths)).toEqual([])
  expect(store.incidentsOf('S')).toMatchObject([{ id: 'S1', outcome: 'escalated', closedAt: expect.any(String) }])
})

it('tells of one that the guardian healed without a person', () => {
  closeDiskFull(story, { forMs: 4_000, detectMs: 1_500 })
  const [incident] = story.store.incidentsOf('S')
  expect(incident).toMatchObject({ id: 'S1', tier: 'guardian', outcome: 'healed', human: null })
  expect(Date.parse(incident?.closedAt ?? '') - Date.parse(incident?.openedAt ?? '')).toBeGreaterThanOrEqual(3_900)
  expect(openAlerts(story.paths)).toEqual([])
})
