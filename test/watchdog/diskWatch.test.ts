import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DiskAction,
  type DiskView,
  type DiskWatch,
  NEW_DISK_WATCH,
  stepDisk,
} from '../../src/watchdog/diskWatch.ts'

const view = (level: DiskView['level'], more: Partial<{ isBusy: boolean; reserve: boolean }> = {}): DiskView => ({
  level,
  isBusy: more.isBusy ?? false,
  hasReserve: () => more.reserve ?? true,
})

/** Looks each 2 s, and gives what was done at each look. */
function play(views: readonly DiskView[], from: DiskWatch = NEW_DISK_WATCH) {
  let watch = from
  return views.map((seen, index) => {
    const [next, actions] = stepDisk(watch, seen, index * 2_000)
    watch = next
    return actions.join(' ')
  })
}

describe('room on the disk', () => {
  it('is made at once on a full disk, told when that did not help, and over when there is room', () => {
    const course = [
      view('roomy'),
      view('full'),
      view('full', { isBusy: true }),
      view('full'),
      view('full'),
      view('roomy', { reserve: false }),
      view('roomy', { reserve: false }),
      view('roomy'),
    ]
    expect(play(course)).toEqual(['', 'makeRoom', '', 'tell', '', 'close', 'makeRoom', ''])
  })

  it('needs nobody when making some was enough', () => {
    expect(play([view('full'), view('low'), view('low')])).toEqual(['makeRoom', 'close', ''])
  })

  it('is not looked for on a disk that was always roomy', () => {
    expect(play([view('roomy', { reserve: false }), view('roomy', { reserve: false })])).toEqual(['', ''])
  })

  it('goes on with what an earlier watchdog has told', () => {
    const told: DiskWatch = { name: 'full', since: 0, triedAt: null, isTold: true }
    expect(play([view('full'), view('full'), view('roomy')], told)).toEqual(['makeRoom', '', 'close'])
  })

  it('is told once and closed once, tried at most once a minute, and never twice at a time, whatever the disk does', () => {
    const looks = fc.record({
      level: fc.constantFrom('roomy' as const, 'low' as const, 'full' as const),
      isBusy: fc.boolean(),
      reserve: fc.boolean(),
      afterMs: fc.integer({ min: 0, max: 90_000 }),
    })
    fc.assert(
      fc.property(fc.array(looks, { maxLength: 60 }), (history) => {
        let watch: DiskWatch = NEW_DISK_WATCH
        let now = 0
        let isFull = false
        let tells = 0
        for (const { level, isBusy, reserve, afterMs } of history) {
          now += afterMs
          const [next, actions]: readonly [DiskWatch, readonly DiskAction[]] = stepDisk(
            watch,
            view(level, { isBusy, reserve }),
            now,
          )
          // A story begins with a full disk and ends with one that is not.
          expect(actions.includes('close')).toBe(isFull && level !== 'full')
          if (level !== 'full') tells = 0
          tells += actions.filter((action) => action === 'tell').length
          expect(tells).toBeLessThanOrEqual(1)
          expect(actions.length).toBeLessThanOrEqual(1)
          const isEntering = level === 'full' && watch.name !== 'full'
          if (isBusy && !isEntering) expect(actions).not.toContain('makeRoom')
          expect(next.name).toBe(level)
          isFull = level === 'full'
          watch = next
        }
      }),
    )
  })
})
