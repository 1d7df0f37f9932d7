/** PURE. Title and links of a page, read from its markup without building it: only for showing. */

const MAX_LINKS = 50
const MAX_WORDS = 120

/** The title, in one line; empty where there is none. */
export function titleOf(html: string): string {
  return oneLine(/<title[^>]{0,500}>([^<]{0,2000})/i.exec(html)?.[1] ?? '').slice(0, 300)
}

/** Links to other pages as `words: address`, each address once, at most 50. */
export function linksOf(html: string, base: string): string[] {
  const links = new Map<string, string>()
  for (const match of html.matchAll(
    /<a\s[^>]{0,2000}?href\s*=\s*("[^"]{0,2000}"|'[^']{0,2000}'|[^\s>]{1,2000})[^>]{0,2000}>([^<]{0,500})/gi,
  )) {
    const address = absolute(decoded((match[1] ?? '').replace(/^["']|["']$/g, '')), base)
    if (address !== undefined && !links.has(address)) links.set(address, oneLine(match[2] ?? '').slice(0, MAX_WORDS))
    if (links.size >= MAX_LINKS) break
  }
  return [...links].map(([address, words]) => (words === '' ? address : `${words}: ${address}`))
}

function absolute(href: string, base: string): string | undefined {
  const url = URL.parse(href, base)
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  url.hash = ''
  return url.href === URL.parse(base)?.href ? undefined : url.href
}

function oneLine(text: string): string {
  return decoded(text).replace(/\s+/g, ' ').trim()
}

const LETTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return LETTERS[String(name).toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole
  })
}
