/** What the surroundings of a token say about it: a part of a path, a hash that is named as one. */

/** How far back words are looked for, in letters. */
const LOOK_BACK = 48
const LOOK_BACK_IN_URL = 512

/** The last word before a token that tells what it is. */
const HASH_WORD = new RegExp(
  `(?:${[
    'sha-?\\d*|md5|crc|blake\\d?\\w?|hash(?:es)?|digest|checksum|sum|integrity|etag|W/|commits?|rev(?:ision)?|head|tree|parent|blob|object',
    'boot(?:[ _-]?id)?|invocation(?:[ _]id)?|machine(?:[ _-]?id)?|trace\\w{0,8}|span|request|correlation|container|image|layer|pod|build|chain',
    'id|uid|guid|uuid|prev(?:ious)?|next|nonce|cursor|fingerprint|proof|version|revision|snapshot|generation|etags?|cid|ref|refs|tag|from|to|merge',
    'context|node|network|volume|sandbox|task|job|sequence|signature of|thumbprint|serial|key ?id|subject|issuer|해시|지문|체크섬|커밋|식별자|아이디',
  ].join('|')})["'\`]?[ \\t]{0,2}[:=@]?[ \\t]{0,2}["'\`(\\[<#]{0,3}$`,
  'i',
)

/** After a digest of its usual length, the file that it belongs to: the output of sha256sum. */
const SUMMED_FILE = /^ [ *][\w./-]/

/** True where the words around a token name it as a hash or an identifier. */
export function isNamedHash(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - LOOK_BACK), start)
  if (HASH_WORD.test(before)) return true
  return /^[0-9a-f]{32,128}$/.test(text.slice(start, end)) && SUMMED_FILE.test(text.slice(end, end + 4))
}

/**
 * Whether a token is part of a path, and of which kind. Base64 has slashes too; it is told by its other signs (`+`, padding), and by what
 * stands before it: a path begins with a slash, a dot or a tilde.
 */
export function isPathPart(text: string, start: number, token: string, isPadded: boolean): 'file' | 'url' | undefined {
  const before = text[start - 1] ?? ' '
  const begins = token.startsWith('/') || './~@\\$}'.includes(before)
  if (!begins && !token.includes('/')) return undefined
  const word = /\S*$/.exec(text.slice(Math.max(0, start - LOOK_BACK_IN_URL), start))?.[0] ?? ''
  if (isAddress(word, token)) return 'url'
  return isInFile(word, token, { begins, isPadded }) ? 'file' : undefined
}

function isAddress(word: string, token: string): boolean {
  return /\w:\/\/|^\/\//.test(word + token.slice(0, 3)) && !word.includes('file://')
}

function isInFile(
  word: string,
  token: string,
  looks: { readonly begins: boolean; readonly isPadded: boolean },
): boolean {
  const isFolder = /[/\\]/.test(word)
  if (looks.isPadded || token.includes('+')) return looks.begins && isFolder
  return looks.begins || isFolder || isWordy(token)
}

/** Segments that are words, as in `src/shared/log`. */
function isWordy(token: string): boolean {
  const words = token.match(/(?<![A-Za-z])[A-Z]?[a-z]{3,}(?![A-Z])/g)?.join('').length ?? 0
  return words / token.length > 0.45
}
