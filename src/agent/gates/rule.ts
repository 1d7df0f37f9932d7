/** PURE. A rule of the gates as data, and whether it speaks of a deed. */
import { matchesGlob } from 'node:path/posix'
import type { CommandDeed, Deed, Form, PathDeed, Place, RequestDeed } from './deed.ts'
import { isOption } from './shell/options.ts'

/** What a rule speaks of. Every field that is there must fit. */
export type Match =
  | { readonly on: 'tool' }
  | { readonly on: 'form'; readonly forms: readonly Form[] }
  | {
      readonly on: 'path'
      readonly access?: PathDeed['access']
      readonly via?: readonly PathDeed['via'][]
      readonly places?: readonly Place[]
      readonly secret?: readonly PathDeed['secret'][]
    }
  | {
      readonly on: 'request'
      readonly methods?: readonly string[]
      readonly isPrivate?: boolean
      readonly isListed?: boolean
    }
  | {
      readonly on: 'command'
      readonly programs: readonly string[]
      readonly subs?: readonly string[]
      /** One of them is there, whole or abbreviated. */
      readonly options?: readonly string[]
      /** None of them is there. */
      readonly without?: readonly string[]
      readonly minArgs?: number
      readonly maxArgs?: number
      /** The first word that is no option fits it. */
      readonly firstArg?: RegExp
      /** Some word fits it. */
      readonly word?: RegExp
      /** No word fits it. */
      readonly noWord?: RegExp
      readonly isPiped?: boolean
      readonly isSure?: boolean
    }
  /** The owner's: words with `*`; a last word `*` stands for any number of words. */
  | { readonly on: 'words'; readonly pattern: string }

/** A call by which a rule proves itself: a command of the shell, or a tool with its input. */
export type Example = string | { readonly tool: string; readonly input: unknown }

/** What kind of question a rule asks: `workspace` is answered by `gates.mode: workspace-write`. */
export type Group = 'workspace' | 'program' | 'network' | 'secret' | 'form' | 'owner' | 'look'

/** One rule. */
export type Rule = {
  readonly id: string
  /** Glob over the name of the tool. */
  readonly tool: string
  readonly match: Match
  readonly verdict: 'allow' | 'ask' | 'deny'
  readonly group: Group
  /** Never loosened by the owner's rules: our own files, other users' data, privilege, and what nobody can read. */
  readonly isProtected?: true
  readonly reason: string
  /** Calls that it must and must not speak of; checked when the gates are built. */
  readonly yes: readonly Example[]
  readonly no: readonly Example[]
}

/** Does a rule speak of this deed of this tool? */
export function matches({ tool, match }: Pick<Rule, 'tool' | 'match'>, ofTool: string, deed: Deed): boolean {
  if (tool !== ofTool && !wordFits(tool, ofTool)) return false
  if (match.on === 'words') return fitsWords(match.pattern, deed)
  if (match.on !== deed.kind) return false
  return fits(match, deed)
}

function fits(match: Match, deed: Deed): boolean {
  if (match.on === 'form' && deed.kind === 'form') return match.forms.includes(deed.form)
  if (match.on === 'path' && deed.kind === 'path') return fitsPath(match, deed)
  if (match.on === 'request' && deed.kind === 'request') return fitsRequest(match, deed)
  if (match.on === 'command' && deed.kind === 'command') return fitsCommand(match, deed)
  return match.on === 'tool'
}

function fitsPath(match: Extract<Match, { on: 'path' }>, { access, via, place, secret }: PathDeed): boolean {
  return (
    (match.access ?? access) === access &&
    (match.via?.includes(via) ?? true) &&
    (match.places?.includes(place) ?? true) &&
    (match.secret?.includes(secret) ?? true)
  )
}

function fitsRequest(match: Extract<Match, { on: 'request' }>, { method, isPrivate, isListed }: RequestDeed): boolean {
  return (
    (match.methods?.includes(method) ?? true) &&
    (match.isPrivate ?? isPrivate) === isPrivate &&
    (match.isListed ?? isListed) === isListed
  )
}

function fitsCommand(match: Extract<Match, { on: 'command' }>, deed: CommandDeed): boolean {
  const has = (wanted: string) => deed.options.some((given) => isOption(given, wanted))
  return (
    match.programs.some((name) => wordFits(name, deed.program)) &&
    (match.subs?.includes(deed.sub) ?? true) &&
    (match.options?.some(has) ?? true) &&
    !(match.without?.some(has) ?? false) &&
    deed.args.length >= (match.minArgs ?? 0) &&
    deed.args.length <= (match.maxArgs ?? Number.POSITIVE_INFINITY) &&
    (match.firstArg?.test(deed.args[0] ?? '') ?? true) &&
    (match.word === undefined || deed.words.some((word) => match.word?.test(word))) &&
    (match.noWord === undefined || !deed.words.some((word) => match.noWord?.test(word))) &&
    (match.isPiped ?? deed.isPiped) === deed.isPiped &&
    (match.isSure ?? deed.isSure) === deed.isSure
  )
}

/** An owner's pattern: over the words of a command, the path of a file, the host of a request, or `*` for all. */
function fitsWords(pattern: string, deed: Deed): boolean {
  if (pattern === '*') return true
  if (deed.kind === 'path') return deed.via === 'tool' && (deed.path === pattern || matchesGlob(deed.path, pattern))
  if (deed.kind === 'request') return deed.method !== 'SHELL' && wordFits(pattern, deed.host)
  if (deed.kind !== 'command' || !deed.isSure) return false
  return fitsList(pattern.split(/\s+/).filter(Boolean), [deed.program, ...deed.words])
}

function fitsList(patterns: readonly string[], words: readonly string[]): boolean {
  const isOpen = patterns.length > 1 && patterns.at(-1) === '*'
  const fixed = isOpen ? patterns.slice(0, -1) : patterns
  if (isOpen ? words.length < fixed.length : words.length !== fixed.length) return false
  return fixed.every((one, at) => wordFits(one, words[at] ?? ''))
}

/** A word with `*` for any letters, without backtracking: each piece is looked for from where the one before ended. */
function wordFits(pattern: string, word: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === word
  const last = rest.pop() ?? ''
  if (!word.startsWith(first) || !word.endsWith(last) || word.length < first.length + last.length) return false
  let at = first.length
  for (const piece of rest) {
    const found = word.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= word.length - last.length
}
