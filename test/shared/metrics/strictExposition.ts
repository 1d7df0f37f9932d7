/** A strict reader of the text format of Prometheus, with our own rules on top: what it does not know it refuses. */

export type ReadSample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
export type ReadFamily = {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: ReadSample[]
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)$|^NaN$/
const NO_BASE_UNIT = /_(?:ms|milliseconds|minutes|kb|mb|kib|mib|percent)(?:_total)?$/

/** All families by name. Throws at the first line that is not right. */
export function readExposition(text: string): Map<string, ReadFamily> {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, ReadFamily>()
  let current: ReadFamily | undefined
  let help: { readonly name: string; readonly text: string } | undefined
  for (const line of text.split('\n').slice(0, -1)) {
    if (line.includes('\r')) throw new Error(`a line break of another kind: ${JSON.stringify(line)}`)
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/s.exec(line) ?? []
    if (kind === 'HELP') {
      if (help || families.has(name)) throw new Error(`a second HELP: ${line}`)
      help = { name, text: unescaped(rest, '\\n') }
    } else if (kind === 'TYPE') {
      if (help?.name !== name) throw new Error(`TYPE without its HELP before it: ${line}`)
      current = { name: checkName(name, rest), type: rest, help: help.text, samples: [] }
      families.set(name, current)
      help = undefined
    } else {
      if (!current || help) throw new Error(`a figure of no family: ${line}`)
      add(current, sampleIn(line))
    }
  }
  for (const { name, samples } of families.values()) if (samples.length === 0) throw new Error(`${name} has no figure`)
  return families
}

function checkName(name: string, type: string): string {
  if (!NAME.test(name) || !name.startsWith('ottugi_')) throw new Error(`no name of ours: ${name}`)
  if (!['counter', 'gauge', 'summary'].includes(type)) throw new Error(`${name}: no type: ${type}`)
  if ((type === 'counter') !== name.endsWith('_total')) throw new Error(`${name} is a ${type}`)
  if (NO_BASE_UNIT.test(name)) throw new Error(`${name}: expected a base unit`)
  return name
}

function add(family: ReadFamily, sample: ReadSample): void {
  const { name, type, samples } = family
  const names = type === 'summary' ? [`${name}_sum`, `${name}_count`] : [name]
  if (!names.includes(sample.name)) throw new Error(`${sample.name} stands among ${name}`)
  if (type !== 'gauge' && !(sample.value >= 0)) throw new Error(`${sample.name} is ${sample.value}`)
  const keyOf = ({ name: own, labels }: ReadSample) => `${own} ${JSON.stringify(Object.entries(labels).toSorted())}`
  if (samples.some((other) => keyOf(other) === keyOf(sample))) throw new Error(`told twice: ${keyOf(sample)}`)
  samples.push(sample)
}

function sampleIn(line: string): ReadSample {
  const name = /^[^{ ]*/.exec(line)?.[0] ?? ''
  if (!NAME.test(name)) throw new Error(`no name: ${line}`)
  const labels: Record<string, string> = {}
  let at = name.length
  if (line[at] === '{') {
    do {
      const [whole, label = '', value = ''] = /^[{,]([^=]+)="((?:[^"\\]|\\.)*)"/s.exec(line.slice(at)) ?? []
      if (whole === undefined || !LABEL.test(label) || label.startsWith('__') || label in labels)
        throw new Error(`no label: ${line.slice(at)}`)
      labels[label] = unescaped(value, '\\n"')
      at += whole.length
    } while (line[at] === ',')
    if (line[at++] !== '}') throw new Error(`labels without an end: ${line}`)
  }
  const rest = line.slice(at)
  if (rest[0] !== ' ' || !NUMBER.test(rest.slice(1))) throw new Error(`no number: ${line}`)
  return { name, labels, value: Number(rest.slice(1).replace('Inf', 'Infinity')) }
}

/** Only these may be written with a backslash. */
function unescaped(text: string, allowed: string): string {
  return text.replaceAll(/\\(.?)/gs, (_, what: string) => {
    if (what === '' || !`${allowed}\\`.includes(what)) throw new Error(`no such escape: \\${what}`)
    return what === 'n' ? '\n' : what
  })
}
