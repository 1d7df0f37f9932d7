/** Finds the secrets that are known, in every shape, also broken over several lines. */
import { type Form, formsOf, SHORTEST_FORM } from './forms.ts'
import { literalSearch } from './literalSearch.ts'
import { isWorthMasking } from './ordinary.ts'
import type { Add, Finder } from './span.ts'
import { hasBreak, UNWRAPPINGS, type Unwrapped } from './unwrapped.ts'

/** A finder of known secrets, and how many letters the longest of their shapes has. */
export type ExactValues = { readonly find: Finder; readonly longest: number }

/** Before a shape in base64 up to two letters hold bits of it; after it up to two, and two marks of padding. */
const BITS_BEFORE = 2
const BITS_AFTER = 4
const BASE64_LETTER = /[A-Za-z0-9+/=_-]/

/** Makes the finder. Values that are too short or too ordinary are left out. */
export function exactValues(secrets: readonly string[]): ExactValues {
  const forms = [...new Set(secrets.filter(isWorthMasking))].flatMap(formsOf)
  const inPlain = searchFor(forms, (text) => text)
  const ways = UNWRAPPINGS.map((way) => {
    const meant = forms.filter(({ text }) => way.isFor(text))
    return { way, isUsed: meant.length > 0, search: searchFor(meant, way.value) }
  }).filter(({ isUsed }) => isUsed)
  const find: Finder = (text, add) => {
    inPlain(text, (start, end) => add({ from: start, start, end, kind: 'value' }))
    if (!hasBreak(text)) return
    for (const { way, search } of ways) {
      const flat = way.text(text)
      if (flat) search(flat.text, inOriginal(flat, add))
    }
  }
  return { find: forms.length > 0 ? find : () => {}, longest: Math.max(0, ...forms.map(({ text }) => text.length)) }
}

type Found = (start: number, end: number) => void

function searchFor(given: readonly Form[], written: (text: string) => string): (text: string, found: Found) => void {
  const byText = new Map(given.map((form) => [written(form.text), form]))
  const forms = [...byText]
    .map(([text, form]) => ({ ...form, text }))
    .filter(({ text }) => text.length >= SHORTEST_FORM)
  const search = literalSearch(forms.map(({ text }) => text))
  return (text, found) =>
    search(text, (start, index) => {
      const form = forms[index]
      if (form) found(...withBits(text, start, form))
    })
}

function inOriginal({ originalAt }: Unwrapped, add: Add): Found {
  return (first, last) => {
    const start = originalAt(first)
    add({ from: start, start, end: originalAt(last - 1) + 1, kind: 'value' })
  }
}

function withBits(text: string, at: number, { text: word, isBase64 }: Form): [start: number, end: number] {
  let start = at
  let end = at + word.length
  if (!isBase64) return [start, end]
  while (start > at - BITS_BEFORE && BASE64_LETTER.test(text[start - 1] ?? ' ')) start--
  while (end < at + word.length + BITS_AFTER && BASE64_LETTER.test(text[end] ?? ' ')) end++
  return [start, end]
}
