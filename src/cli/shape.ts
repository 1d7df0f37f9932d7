import type { CliContext } from './context.ts'

/** How something is: a word of four, each a shape of its own, so that colour is never needed to tell them apart. */
export type Condition = 'well' | 'limited' | 'wrong' | 'off'

const LOOKS: Readonly<Record<Condition, { readonly shape: string; readonly colour: number }>> = {
  well: { shape: '●', colour: 32 },
  limited: { shape: '◐', colour: 33 },
  wrong: { shape: '▲', colour: 31 },
  off: { shape: '○', colour: 90 },
}

/** The shape of a condition, in colour where colour is welcome. */
export function shapeOf({ colour }: Pick<CliContext, 'colour'>, condition: Condition): string {
  const look = LOOKS[condition]
  return colour ? `\u001b[${look.colour}m${look.shape}\u001b[0m` : look.shape
}
