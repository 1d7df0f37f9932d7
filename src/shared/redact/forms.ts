/** The shapes in which one secret turns up in a text. */

/** One shape of a secret. `isBase64`: the letters beside it hold bits of the secret too. */
export type Form = { readonly text: string; readonly isBase64: boolean }

/** A shape shorter than this is not looked for. */
export const SHORTEST_FORM = 6
/** Lines of a secret of several lines that count on their own. */
const SHORTEST_LINE = 12
/** Longer secrets are looked for as they are, in base64 and in JSON only: each shape costs memory in every process. */
const LONGEST_FOR_ALL = 4_096

/** Every shape of a secret, each once. */
export function formsOf(secret: string): Form[] {
  const values = [
    ...new Set([secret, secret.trim(), secret.normalize('NFC'), secret.normalize('NFD'), ...linesOf(secret)]),
  ]
  const forms = new Map<string, Form>()
  for (const value of values) {
    for (const text of plainForms(value)) add(forms, { text, isBase64: false })
    for (const text of base64Forms(value)) add(forms, { text, isBase64: true })
  }
  return [...forms.values()]
}

function add(forms: Map<string, Form>, form: Form): void {
  if (form.text.length >= SHORTEST_FORM && !forms.has(form.text)) forms.set(form.text, form)
}

function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/)
  return lines.length > 1 ? lines.map((line) => line.trim()).filter((line) => line.length >= SHORTEST_LINE) : []
}

function plainForms(value: string): string[] {
  const json = inJson(value)
  const shapes = [value, json, inJson(json), asciiJson(value), json.replaceAll('/', '\\/')]
  if (value.length > LONGEST_FOR_ALL) return shapes
  const hex = Buffer.from(value, 'utf8').toString('hex')
  return [...shapes, hex, hex.toUpperCase(), ...urlForms(value), inMarkup(value)]
}

function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1)
}

/** As writers do that keep to ASCII. */
function asciiJson(value: string): string {
  return inJson(value).replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function urlForms(value: string): string[] {
  const usual = encoded(value)
  // RFC 3986 reserves more than encodeURIComponent() does; forms write a space as `+`.
  const strict = usual.replace(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
  const forms = [usual, strict, usual.replaceAll('%20', '+'), strict.replaceAll('%20', '+'), encoded(usual)]
  return [...forms, ...forms.map(lowerEscapes)]
}

/** A lone surrogate has no UTF-8: it stands as the replacement letter then. */
function encoded(value: string): string {
  return encodeURIComponent(value.toWellFormed())
}

function lowerEscapes(value: string): string {
  return value.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
}

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function inMarkup(value: string): string {
  return value.replace(/[&<>"']/g, (letter) => MARKUP[letter] ?? letter)
}

/** The letters of base64 that depend on the secret alone, for each of the three places where it can begin in a group of three bytes. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8')
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes])
    const inner = padded.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6))
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
