import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRoute, pathTo, VIEWS } from '../../../dashboard/web/src/app/route.ts'

const bases = fc.constantFrom('', '/ops', '/a/b')

describe('a route', () => {
  it('comes back from its own address, whatever its id and the base path are', () => {
    fc.assert(
      fc.property(
        bases,
        fc.constantFrom(...VIEWS.slice(1)),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string(),
        (base, view, id, q) => {
          const { pathname, search } = new URL(pathTo(base, view, id, { q }), 'http://localhost')
          // An address normalises these two away; no id of ours is one of them.
          fc.pre(id !== '.' && id !== '..')
          const found = parseRoute(pathname, search, base)
          expect([found?.view, found?.id, found?.query.get('q')]).toEqual([view, id, q])
        },
      ),
    )
  })

  it('has the overview at the root, with and without the slash', () => {
    expect(parseRoute('/ops/', '', '/ops')?.view).toBe('overview')
    expect(parseRoute('/ops', '', '/ops')?.view).toBe('overview')
    expect(parseRoute('/', '', '')?.view).toBe('overview')
    expect(pathTo('/ops', 'overview')).toBe('/ops/')
  })

  it.each(['/nothing', '/incidents/a/b', '/incidents/%E0%A4%A', '/constructor'])('is none for %s', (path) => {
    expect(parseRoute(path, '', '')).toBeNull()
  })

  it('is none outside of the base path', () => {
    expect(parseRoute('/opsx/incidents', '', '/ops')).toBeNull()
    expect(parseRoute('/incidents', '', '/ops')).toBeNull()
  })
})
