/** PURE. The shape of a call: what a lasting yes is a yes to. Another program, command, option or argument is another shape. */
import type { CommandDeed, Deed } from './deed.ts'
import { WRITERS } from './shell/programFacts.ts'

/** Stands for any path of the workspace. */
const INSIDE = '<workspace>'

/**
 * Generalises a call. A shell command of simple, certain words: each program with its command, its sorted options and its words, where words of
 * programs that change files stand for any path of the workspace. A file tool: the folder. A request: method and host. All else: exactly this call.
 */
export function shapeOf(tool: string, input: unknown, deeds: readonly Deed[]): unknown {
  if (tool === 'shell') return shellShape(input, deeds)
  const [first] = deeds
  if (deeds.length === 1 && first?.kind === 'path' && first.secret === 'no')
    return { access: first.access, folder: folderOf(first.path) }
  if (deeds.length === 1 && first?.kind === 'request' && /^(GET|HEAD)$/.test(first.method))
    return { method: first.method, host: first.host }
  return { input }
}

function shellShape(input: unknown, deeds: readonly Deed[]): unknown {
  const commands = deeds.filter((deed) => deed.kind === 'command')
  const isPlain = deeds.every(
    (deed) => deed.kind === 'command' || (deed.kind === 'path' && deed.via === 'command' && deed.secret === 'no'),
  )
  return isPlain && commands.length > 0 ? { commands: commands.map(commandShape) } : { input }
}

function commandShape({ program, sub, options, args, words, isPiped }: CommandDeed): unknown {
  if (!WRITERS.has(program)) return { program, words, isPiped }
  const paths = args.filter((word) => !word.includes('='))
  const others = words.filter((word) => !paths.includes(word))
  return { program, sub, options: options.toSorted(), words: others, paths: paths.length > 0 ? INSIDE : '', isPiped }
}

function folderOf(path: string): string {
  const at = path.lastIndexOf('/')
  return at < 0 ? '*' : `${path.slice(0, at)}/*`
}
