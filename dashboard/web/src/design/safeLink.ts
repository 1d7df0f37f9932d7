/** Which addresses of a text from elsewhere may become links: web and mail only, and those that stay on this page. */
const SCHEMES = new Set(['http:', 'https:', 'mailto:'])

/** The address as it may be followed; null where it must stay text. */
export function safeLink(href: string): string | null {
  const url = URL.parse(href.trim())
  return url && SCHEMES.has(url.protocol) ? url.href : null
}
