/** Finds secrets in addresses: `scheme://user:password@host`, and parameters that let somebody in. */
import { isPlaceholder } from './ordinary.ts'
import type { Add, Finder } from './span.ts'

const AUTHORITY = /:\/\/([^\s/?#"'`<>\\]{1,512})@/g
/** A password that should have been escaped and was not. What looks like a port and a path is none. */
const UNESCAPED = /:\/\/([^\s:/@"'`<>\\]{0,64}):(?!\d{1,5}(?:[/?#]|$))([^\s@"'`<>\\]{1,128})@(?=[\w.[-])/g
/** The data source of Go's MySQL driver has no scheme. */
const BARE_SOURCE = /(?<=^|[\s"'`=])([\w.-]{1,64}):([^\s@"'`]{1,128})@(?:tcp|unix)\(/g
const PARAMETER =
  /[?&#;](?:amp;)?(?:key|sig|sign|signature|code|auth|jwt|ticket|hash|state|sso|sid|session|otp|code_verifier|x-(?:amz|goog)-(?:signature|credential|security-token)|(?:access|id|refresh|auth)_?token)=([^&\s"'`<>#\\;]{6,})/gi

/** The finder of secrets in addresses. */
export const findInUrls: Finder = (text, add) => {
  for (const match of text.matchAll(AUTHORITY)) addUserInfo(match[1] ?? '', match.index + 3, add)
  for (const match of text.matchAll(UNESCAPED)) addPassword(match, 3, add)
  for (const match of text.matchAll(BARE_SOURCE)) addPassword(match, 0, add)
  for (const match of text.matchAll(PARAMETER)) {
    const [whole, value = ''] = match
    if (!/\d/.test(value) || /^[\d.:-]+$/.test(value) || isPlaceholder(value)) continue
    const start = match.index + whole.length - value.length
    add({ from: match.index, start, end: start + value.length, kind: 'url' })
  }
}

/** The part after the first colon is the password; a user alone is one where it looks like a token. */
function addUserInfo(info: string, at: number, add: Add): void {
  const colon = info.indexOf(':')
  const secret = colon < 0 ? info : info.slice(colon + 1)
  if (secret === '' || isPlaceholder(secret)) return
  if (colon < 0 && !(info.length >= 20 && /\d/.test(info) && /[A-Za-z]/.test(info))) return
  const start = at + info.length - secret.length
  add({ from: at - 3, start, end: start + secret.length, kind: 'url' })
}

function addPassword(match: RegExpExecArray, before: number, add: Add): void {
  const [, user = '', password = ''] = match
  if (isPlaceholder(password)) return
  const start = match.index + before + user.length + 1
  add({ from: match.index, start, end: start + password.length, kind: 'url' })
}
