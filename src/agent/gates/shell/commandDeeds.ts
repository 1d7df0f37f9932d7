/** PURE. The deeds of a shell command: every simple command in it with its paths, redirections, and the forms that hide something. */
import type { CommandDeed, Deed, Form } from '../deed.ts'
import { requestDeed } from '../host.ts'
import { type Ground, pathDeed, resolvePath } from '../place.ts'
import { findDeeds } from './find.ts'
import { gitWords } from './git.ts'
import { splitOptions } from './options.ts'
import { PATHLESS, PATTERN_FIRST, SETTERS, SHADOWED, WITH_COMMANDS, WRITERS } from './programFacts.ts'
import { type ReadCommand, type ReadWord, readScript } from './readScript.ts'
import { unwrap } from './unwrap.ts'

/** So deep may scripts stand in scripts. */
const MAX_DEPTH = 5
/** Names by which bash and the loader find what they run. */
const LOADER =
  /^(PATH|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PS[0-4]|PROMPT_COMMAND|CDPATH|HOME|SHELL|LD_\w*|DYLD_\w*|GIT_\w*|SSH_\w*|\w*PAGER|\w*EDITOR|VISUAL|BROWSER|LESS\w*|NODE_\w+|NPM_\w+|npm_\w+|PYTHON\w+|PERL\w+|RUBY\w+|JAVA_\w+|_JAVA\w*|OTTUGI_\w+|BASH_FUNC\w*|GCONV_PATH|TERMINFO\w*|LOCPATH|TAR_OPTIONS|RSYNC_\w+|MAKE\w*)$/
const HARMLESS = /^(LANG|LANGUAGE|LC_\w+|TZ|NO_COLOR|FORCE_COLOR|CLICOLOR|COLUMNS|LINES|CI|TERM)$/
const SYSTEM_PROGRAM = /^\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$/

/** Where a script stands. */
type Frame = { readonly ground: Ground; readonly depth: number }

/** Takes a command apart. Never throws, whatever the text. */
export function shellDeeds(ground: Ground, text: string): Deed[] {
  const deeds = scriptDeeds({ ground, depth: 0 }, text)
  return deeds.length > 0 ? deeds : [{ kind: 'form', form: 'broken' }]
}

function scriptDeeds(frame: Frame, text: string): Deed[] {
  if (frame.depth > MAX_DEPTH) return [formDeed('too-deep')]
  const script = readScript(text)
  const shadows = script.functions.some((name) => SHADOWED.test(name))
  return [
    ...script.forms.map(formDeed),
    ...(shadows ? [formDeed('shadow')] : []),
    ...script.sets.flatMap(setDeeds),
    ...script.redirects.map(({ access, target }) => redirectDeed(frame.ground, access, target)),
    ...script.commands.flatMap((command) => simpleDeeds(frame, command)),
    ...movedDeeds(frame.ground, script.commands),
  ]
}

function formDeed(form: Form): Deed {
  return { kind: 'form', form }
}

function setDeeds(name: string): Deed[] {
  if (HARMLESS.test(name)) return []
  return [formDeed(LOADER.test(name) ? 'loader-variable' : 'assignment')]
}

/** A name that a builtin sets: `NAME=value`, or a bare name that decides what runs. */
function namedDeeds(word: string): Deed[] {
  const name = /^([A-Za-z_]\w*)(\[[^\]]*\])?\+?(=|$)/.exec(word)?.[1] ?? ''
  return LOADER.test(name) ? setDeeds(name) : []
}

function redirectDeed(ground: Ground, access: 'read' | 'write', { text, isSure }: ReadWord): Deed {
  if (isSure) return pathDeed(ground, text, { access, via: 'redirect' })
  return { kind: 'path', access, via: 'redirect', place: 'unknown', path: text, secret: 'no' }
}

/** After a `cd` a path with `..` leads nobody knows where. */
function movedDeeds(ground: Ground, commands: readonly ReadCommand[]): Deed[] {
  const moves = commands.filter(({ words }) => words.some(({ text }) => /^(cd|pushd|popd)$/.test(text)))
  if (moves.length === 0) return []
  const climbs = commands.some((command) => {
    const isOnlyMove = moves.length === 1 && moves[0] === command
    return !isOnlyMove && command.words.some(({ text }) => text.split(/[/=]/).includes('..'))
  })
  return climbs
    ? [
        {
          kind: 'path',
          access: 'write',
          via: 'redirect',
          place: 'unknown',
          path: resolvePath(ground, '..'),
          secret: 'no',
        },
      ]
    : []
}

function simpleDeeds(frame: Frame, command: ReadCommand): Deed[] {
  const [first] = command.words
  const program = first?.isSure ? programName(first.text) : undefined
  if (program === undefined) return [formDeed('hidden-program')]
  const layer = unwrap(program, command)
  if (layer.is === 'form') return [formDeed(layer.form), ...plainDeeds(frame, program, command)]
  if (layer.is === 'script')
    return [...layer.forms.map(formDeed), ...scriptDeeds({ ...frame, depth: frame.depth + 1 }, layer.text)]
  if (layer.is === 'command') {
    const next = { ...frame, depth: frame.depth + 1 }
    const inner = next.depth > MAX_DEPTH ? [formDeed('too-deep')] : simpleDeeds(next, layer.command)
    return [...layer.forms.map(formDeed), ...layer.sets.flatMap(setDeeds), ...inner]
  }
  return plainDeeds(frame, program, command)
}

/** The name by which a program is judged; undefined where it may look like another one. */
function programName(text: string): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(text)) return undefined
  return (SYSTEM_PROGRAM.exec(text)?.[1] ?? text).toLowerCase()
}

function plainDeeds(frame: Frame, program: string, command: ReadCommand): Deed[] {
  const words = command.words.slice(1)
  const deed = commandDeed(program, words, command.isPiped)
  const found = program === 'find' ? findDeeds(words) : { commands: [], writes: [] }
  return [
    deed,
    ...(program.includes('/') ? [pathDeed(frame.ground, program, { access: 'read', via: 'command' })] : []),
    ...pathDeeds(frame.ground, deed),
    ...webDeeds(frame.ground, deed),
    ...(SETTERS.has(program) ? deed.words.flatMap(namedDeeds) : []),
    ...found.writes.map((path) => pathDeed(frame.ground, path, { access: 'write', via: 'redirect' })),
    ...found.commands.flatMap((inner) => [
      formDeed('fed-arguments'),
      ...(frame.depth >= MAX_DEPTH ? [formDeed('too-deep')] : simpleDeeds({ ...frame, depth: frame.depth + 1 }, inner)),
    ]),
  ]
}

function commandDeed(program: string, given: readonly ReadWord[], isPiped: boolean): CommandDeed {
  const words = given.map(({ text }) => text)
  const { ahead, folders, rest } = program === 'git' ? gitWords(words) : { ahead: [], folders: [], rest: words }
  const { options, args } = splitOptions(rest)
  const [sub = '', ...others] = WITH_COMMANDS.has(program) ? args : ['', ...args]
  return {
    kind: 'command',
    program,
    sub,
    options: [...ahead, ...options],
    args: [...folders, ...others],
    words,
    isSure: given.every(({ isSure }) => isSure),
    isPiped,
  }
}

/** Every word that may be a path. What is no path (a pattern, a message) is left out only for programs that are known to take such words. */
function pathDeeds(ground: Ground, { program, args, words, options }: CommandDeed): Deed[] {
  if (PATHLESS.has(program)) return []
  const isInPlace = program === 'sed' && options.some((name) => /^-i|^--i/.test(name))
  const access = isInPlace || WRITERS.has(program) ? 'write' : 'read'
  const isPattern =
    PATTERN_FIRST.has(program) && !options.some((name) => /^-[ef]$|^--(file|regexp|expression)$/.test(name))
  const positional = isPattern ? args.slice(1) : args
  const paths = new Set([...positional.filter((word) => !isAddress(word)), ...words.flatMap(pathInOption)])
  return [...paths].map((path) => pathDeed(ground, path.replace(/^(if|of)=|^@/, ''), { access, via: 'command' }))
}

/** The path that stands inside an option: `--file=/x`, `-f/x`, `-f../x`, `-f~/x`. */
function pathInOption(word: string): string[] {
  if (!word.startsWith('-')) return []
  const value = /^--?[\w-]*=(.*)$/s.exec(word)?.[1] ?? /^-[A-Za-z0-9]+?((?:\/|\.\.|~).*)$/s.exec(word)?.[1]
  return value ? [value] : []
}

function isAddress(word: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(word) || /^[\w.-]+@[\w.-]+:/.test(word)
}

/** Requests that a program of the command line would make: whatever it does with an address, the address is looked at. */
function webDeeds(ground: Ground, { words }: CommandDeed): Deed[] {
  return words.filter((word) => /^https?:\/\//i.test(word)).map((word) => requestDeed(ground, 'SHELL', word))
}
