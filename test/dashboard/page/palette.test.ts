import { describe, expect, it } from 'vitest'
import { VIEW_KEYS, wishOf } from '../../../dashboard/web/src/app/keys.ts'
import { rank, scoreOf } from '../../../dashboard/web/src/app/paletteMatch.ts'
import { NAVIGATION } from '../../../dashboard/web/src/app/route.ts'

const items = [
  ['Overview'],
  ['Incidents'],
  ['Sessions'],
  ['Settings'],
  ['Begin maintenance'],
  ['Restart the agent'],
  ['로그', 'Logs'],
].map((names) => ({ names }))

function found(typed: string): (string | undefined)[] {
  return rank(typed, items).map(({ names }) => names[0])
}

describe('the palette', () => {
  it('shows everything before a letter was typed, in its own order', () => {
    expect(found('')).toEqual(items.map(({ names }) => names[0]))
    expect(found('  ')).toHaveLength(items.length)
  })

  it.each([
    ['set', 'Settings'],
    ['rta', 'Restart the agent'],
    ['bm', 'Begin maintenance'],
    ['INC', 'Incidents'],
    ['로', '로그'],
    ['logs', '로그'],
  ])('finds by %s first %s', (typed, name) => {
    expect(found(typed)[0]).toBe(name)
  })

  it('wants all letters, in their order', () => {
    expect(found('gol')).toEqual([])
    expect(scoreOf('zz', 'z')).toBeNull()
  })

  it('finds composed and decomposed Korean alike', () => {
    expect(scoreOf('로그'.normalize('NFD'), '로그')).not.toBeNull()
  })
})

describe('a key', () => {
  const pressed = { key: 'k', isCommand: false, isTyping: false, isComposing: false }

  it('opens the palette with Ctrl or Command from everywhere', () => {
    expect(wishOf({ ...pressed, isCommand: true, isTyping: true }, false)).toEqual({ kind: 'palette' })
  })

  it('is a letter where somebody types, and part of one where it is composed', () => {
    expect(wishOf({ ...pressed, key: '?', isTyping: true }, false)).toEqual({ kind: 'nothing' })
    expect(wishOf({ ...pressed, isCommand: true, isComposing: true }, false)).toEqual({ kind: 'nothing' })
  })

  it('after g goes to a view, each by another letter', () => {
    expect(wishOf({ ...pressed, key: 'g' }, false)).toEqual({ kind: 'awaitView' })
    expect(wishOf({ ...pressed, key: 'l' }, true)).toEqual({ kind: 'go', view: 'logs' })
    expect(wishOf({ ...pressed, key: 'x' }, true)).toEqual({ kind: 'nothing' })
    expect(new Set(Object.values(VIEW_KEYS)).size).toBe(NAVIGATION.length)
  })
})
