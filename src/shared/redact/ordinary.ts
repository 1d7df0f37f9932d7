/** Which words are too ordinary to be a secret, and what stands where a secret would. */

/** A shorter value stands in too many other words. */
const SHORTEST = 6
/** Below this many letters a value of one class of letters (`monkey`, `123456`) would hide ordinary words and numbers. */
const SHORTEST_OF_ONE_CLASS = 8

const ORDINARY: ReadonlySet<string> = new Set(
  [
    'true false null undefined none empty unset missing required optional default disabled enabled unknown',
    'debug info notice warn warning error fatal trace silent verbose critical',
    'localhost localdomain production development staging testing test local',
    'password passwort passphrase secret changeme change-me example examples admin administrator root postgres mysql',
    'anthropic openai ollama google github gitlab telegram discord username database public private',
  ].flatMap((line) => line.split(' ')),
)

const ORDINARY_SHAPES: readonly RegExp[] = [
  // A number, a version, an address, a host with its port, a day.
  /^[+-]?[\d.,]{1,15}$/,
  /^v?\d+(?:\.\d+){1,3}(?:-[a-z]+(?:\.\d+)?)?$/i,
  /^(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?:\/\d{1,2})?$/,
  /^localhost(?::\d{1,5})?$/i,
  /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+Z?)?$/,
  // A file, and an address that holds no secret of its own.
  /^(?:~|\.{1,2})?\/[\w./@~ -]*$/,
  /^https?:\/\/[\w.-]+(?::\d{1,5})?\/?(?:[a-z][\w.-]{0,20}\/?){0,4}$/i,
  // The name of a variable that holds a secret.
  /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|SECRET|PASSWORD)$/,
]

/** True for a value that is worth masking wherever it stands: long enough, and no word, number, host or path of every day. */
export function isWorthMasking(value: string): boolean {
  if (value.length < SHORTEST || value.trim().length < SHORTEST) return false
  if (/^(?:[a-z]+|[A-Z]+|\d+)$/.test(value) && value.length < SHORTEST_OF_ONE_CLASS) return false
  return !ORDINARY.has(value.toLowerCase()) && !ORDINARY_SHAPES.some((shape) => shape.test(value))
}

/** Words that follow `password:` in a sentence, in place of a password. */
const SENTENCE_WORDS: ReadonlySet<string> = new Set(
  [
    'a an the this that these it its your my our his their no not never nothing any some all each every one two',
    'is are was were be been being am has have had does do did done can cannot could will would shall should must may might',
    'and or but nor so yet for from in into of off on onto to with without within by at as than then too very',
    'if when while where which who whose why how what because until unless before after again once only just also still already',
    'yes ok okay on off set unset wrong bad good weak strong correct incorrect invalid valid expired revoked missing required',
    'optional expected unexpected unknown empty none null undefined nil true false hidden masked redacted removed omitted protected',
    'changed updated rotated reset accepted rejected refused denied failed failure success checked found please try enter type use',
    'see read written stored saved generated created deleted authentication authorization string number boolean object function',
    'include omit same-origin configured present absent default disabled enabled error warning sent received used unused needed too short long',
  ].flatMap((line) => line.split(' ')),
)

const PLACEHOLDERS: readonly RegExp[] = [
  // Masks of others, and room for a value.
  /^[*•x.#_-]+$/i,
  /^\$\{[^}]*\}?$/,
  /^\$\([^)]*\)?$/,
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^%[sdjoOv]$|^%[A-Z_]+%$|^\{\{?[\w.\s-]*\}{0,2}$/,
  /^<[^<>]{0,40}>?$/,
  /^[[(<{]?(?:redacted|hidden|masked|secret|filtered|omitted|removed|sensitive|private|protected)[\])>}]?$/i,
  /^(?:process\.env|import\.meta\.env|os\.environ|secrets|vars|env)\b/,
  // An example that names itself: `YOUR_API_KEY`, `KEY`.
  /^(?:YOUR|MY|THE)[_-][A-Z_-]+$/i,
  /^(?:KEY|TOKEN|PASSWORD|SECRET|VALUE|STRING|PASS|NAME|USER)$/,
  // The name of a variable that holds one, and a version.
  /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|SECRET|PASSWORD|PASS)$/,
  /^[\^~]?v?\d+(?:\.\d+){2}(?:-[a-z]+[\d.]*)?$/,
]

/** True for what people write where a value would stand: `${TOKEN}`, `****`, `<password>`, `none`. */
export function isPlaceholder(value: string): boolean {
  if (value.length > 60) return false
  return SENTENCE_WORDS.has(value.toLowerCase()) || PLACEHOLDERS.some((shape) => shape.test(value))
}

/** True for letters alone: a word, perhaps with a mark at its end. Longer ones than words are none. */
export function isPlainWord(value: string): boolean {
  return value.length <= 24 && /^(?:[A-Z]?[a-z]+|[A-Z]+)(?:['’][a-z]{1,2})?[.!?:]?$/.test(value)
}

/** True for `auth=digest`, `pass: 'fail'`: names whose value may be a plain word that hides nothing. */
export function isMethodName(name: string, value: string): boolean {
  return /^(?:auth\w*|_?pass|bearer|(?:set-)?cookies?)$/i.test(name) && isPlainWord(value)
}

const PATH = /^(?:~|\.{1,2})?\/[\w./@+~-]*$|^[A-Za-z]:[\\/]{1,2}\w|^file:/
const ADDRESS = /^https?:\/\/[^\s@?]*$/

/** True for a key or a token that is kept in a file or behind an address; passwords and data sources may look like both. */
export function isElsewhere(name: string, value: string): boolean {
  if (/dsn|string|webhook/i.test(name)) return false
  return (!/pass|비밀|비번/i.test(name) && PATH.test(value)) || ADDRESS.test(value)
}
