/**
 * PURE. Reads a command of bash into what the gates judge: simple commands, redirections, and the forms that hide something.
 * The grammar is unbash's; what it cannot read whole counts as broken. Nothing is expanded and nothing is run.
 */
import { type Command, forEachChild, parse, type SyntaxNode, type Word } from 'unbash'
import type { Form } from '../deed.ts'

/** A word, its quotes taken off. `isSure` is false where bash would make something else of it. */
export type ReadWord = { readonly text: string; readonly isSure: boolean }

/** One simple command as it stands. */
export type ReadCommand = { readonly words: readonly ReadWord[]; readonly isPiped: boolean }

/** Everything that a script would do. */
export type Reading = {
  readonly commands: readonly ReadCommand[]
  readonly redirects: readonly { readonly access: 'read' | 'write'; readonly target: ReadWord }[]
  /** Names that are set, and names of functions. */
  readonly sets: readonly string[]
  readonly functions: readonly string[]
  readonly forms: readonly Form[]
}

/** Longest command that is read, in characters: no person reads more before they say yes. */
export const MAX_COMMAND = 20_000
/** Here-documents, and substitutions in one another, are read in quadratic time by the parser; nobody judges more of them either. */
const MAX_OPENINGS = 64
const OPENING = /<<|\$[({[]|[<>]\(|`/g
/** Unseen characters that a command may hold: tab and line feed. */
const UNSEEN = /[^\P{C}\t\n]|[\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|[\ufe00-\ufe0f]|(?! )\p{Zs}/u

const FORMS: Readonly<Partial<Record<SyntaxNode['type'], Form>>> = {
  CommandExpansion: 'substitution',
  ProcessSubstitution: 'substitution',
  SimpleExpansion: 'expansion',
  ParameterExpansion: 'expansion',
  LocaleString: 'expansion',
  ArithmeticExpansion: 'arithmetic',
  ArithmeticCommand: 'arithmetic',
  ArithmeticFor: 'arithmetic',
  ArithmeticCommandExpansion: 'arithmetic',
  Glob: 'glob',
  ExtendedGlob: 'glob',
  BraceExpansion: 'brace',
  HereDoc: 'here-doc',
  HereString: 'here-doc',
  Function: 'function',
  Coproc: 'function',
}
/** Tests that evaluate their operands as arithmetic, in which a subscript can run a command. */
const EVALUATING = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-v', '-R'])

/** Reads a command. Never throws, whatever the text. */
export function readScript(text: string): Reading {
  const nothing = { commands: [], redirects: [], sets: [], functions: [] }
  if (text.length > MAX_COMMAND || (text.match(OPENING)?.length ?? 0) > MAX_OPENINGS)
    return { ...nothing, forms: ['too-long'] }
  if (UNSEEN.test(text)) return { ...nothing, forms: ['unseen'] }
  try {
    return collect(parse(text))
  } catch {
    // The parser has no words for what it met: nobody knows what bash would make of it.
    return { ...nothing, forms: ['broken'] }
  }
}

type Found = {
  readonly commands: ReadCommand[]
  readonly redirects: { readonly access: 'read' | 'write'; readonly target: ReadWord }[]
  readonly sets: string[]
  readonly functions: string[]
  readonly forms: Set<Form>
}

type Visit = { readonly node: SyntaxNode; readonly isPiped: boolean }

function collect(script: SyntaxNode): Reading {
  const found: Found = { commands: [], redirects: [], sets: [], functions: [], forms: new Set() }
  const open: Visit[] = [{ node: script, isPiped: false }]
  for (let visit = open.pop(); visit; visit = open.pop()) {
    const { node } = visit
    look(visit, found)
    let isPiped = visit.isPiped
    forEachChild(node, (child) => {
      open.push({ node: child, isPiped })
      if (node.type === 'Pipeline' && child.type !== 'Time' && child.type !== 'Negation') isPiped = true
    })
  }
  return { ...found, forms: [...found.forms] }
}

function look({ node, isPiped }: Visit, found: Found): void {
  const form = FORMS[node.type]
  if (form) found.forms.add(form)
  if (node.type === 'Script' && node.errors && node.errors.length > 0) found.forms.add('broken')
  if ((node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') && !node.script)
    found.forms.add('broken')
  if (node.type === 'Statement' && node.background) found.forms.add('background')
  if (node.type === 'Command') addCommand(node, isPiped, found)
  if (node.type === 'TestUnary') addTest([node.operand], node.operator, found)
  if (node.type === 'TestBinary')
    addTest(/^-[noe][tf]$/.test(node.operator) ? [node.left, node.right] : [], node.operator, found)
  lookAtNames(node, found)
  lookAtRedirect(node, found)
}

function lookAtNames(node: SyntaxNode, found: Found): void {
  if (node.type === 'Assignment') found.sets.push(node.name)
  if (node.type === 'For' || node.type === 'Select') found.sets.push(node.name.value)
  if (node.type === 'Function') found.functions.push(node.name.value)
  if ((node.type === 'TestUnary' || node.type === 'TestBinary') && EVALUATING.has(node.operator))
    found.forms.add('arithmetic')
}

function lookAtRedirect(node: SyntaxNode, found: Found): void {
  if (node.type === 'HereDoc' && (!node.closing || !node.delimiter)) found.forms.add('broken')
  if (node.type !== 'Redirect') return
  if (!node.target) found.forms.add('broken')
  else if (!/^\d+-?$|^-$/.test(node.target.value) || !node.operator.endsWith('&')) {
    found.redirects.push({ access: node.operator === '<' ? 'read' : 'write', target: readWord(node.target) })
  }
}

function addCommand(command: Command, isPiped: boolean, found: Found): void {
  if (!command.name) return
  const words = command.args.map((arg) =>
    arg.type === 'Word'
      ? readWord(arg)
      : { text: arg.text, isSure: arg.value.type === 'Word' && readWord(arg.value).isSure },
  )
  const all = [readWord(command.name), ...words]
  if (all.some(({ text }) => UNSEEN.test(text))) found.forms.add('unseen')
  const isFed = isPiped || command.redirects.some((one) => one.type !== 'Redirect' || one.operator.startsWith('<'))
  found.commands.push({ words: all, isPiped: isFed })
}

/** `[[ … ]]` is judged like `test`; only words that are names of files are handed on. */
function addTest(words: readonly Word[], operator: string, found: Found): void {
  const isText = operator === '-n' || operator === '-z'
  const names = isText ? [] : words.map(readWord)
  found.commands.push({ words: [{ text: 'test', isSure: true }, ...names], isPiped: false })
}

const PLAIN = new Set(['Literal', 'SingleQuoted', 'AnsiCQuoted'])

function readWord(word: Word): ReadWord {
  const isSure = (word.parts ?? []).every((part) =>
    part.type === 'DoubleQuoted' ? part.parts.every(({ type }) => PLAIN.has(type)) : PLAIN.has(part.type),
  )
  return { text: word.value, isSure }
}
