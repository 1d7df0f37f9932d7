/** One line of a comparison: put in, taken out, kept, or the place where it stands. */
export type DiffLine = { readonly kind: 'in' | 'out' | 'same' | 'place'; readonly text: string }

/** PURE. The lines of a unified diff, without their marks; the page shows a word and a sign beside the colour. */
export function diffLines(diff: string): readonly DiffLine[] {
  if (diff === '') return []
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      if (line.startsWith('@@')) return { kind: 'place', text: line }
      if (line.startsWith('+')) return { kind: 'in', text: line.slice(1) }
      if (line.startsWith('-')) return { kind: 'out', text: line.slice(1) }
      return { kind: 'same', text: line.replace(/^ /, '') }
    })
}
