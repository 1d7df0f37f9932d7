/** What a key press asks of the shell. Letters count only where nobody types. */
import { NAVIGATION, type ViewName } from './route.ts'

/** A key as it was pressed. */
export type Pressed = {
  readonly key: string
  readonly isCommand: boolean
  /** True in a field, where letters are letters. */
  readonly isTyping: boolean
  /** True while letters are being composed: Korean, for example. */
  readonly isComposing: boolean
}
/** What is wanted; `awaitView` is the `g` before the letter of a view. */
export type Wish =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'awaitView' }
  | { readonly kind: 'palette' | 'shortcuts' }
  | { readonly kind: 'go'; readonly view: ViewName }

const NOTHING: Wish = { kind: 'nothing' }

/** The letter of each view after `g`. */
export const VIEW_KEYS: Readonly<Record<(typeof NAVIGATION)[number], string>> = {
  overview: 'o',
  incidents: 'i',
  sessions: 's',
  chat: 'c',
  approvals: 'a',
  costs: 'm',
  tools: 't',
  host: 'h',
  logs: 'l',
  settings: ',',
}

/** What a key press asks for; `isAwaiting` is true right after a `g`. */
export function wishOf({ key, isCommand, isTyping, isComposing }: Pressed, isAwaiting: boolean): Wish {
  if (isComposing) return NOTHING
  if (isCommand) return key.toLowerCase() === 'k' ? { kind: 'palette' } : NOTHING
  if (isTyping) return NOTHING
  if (isAwaiting) {
    const view = NAVIGATION.find((name) => VIEW_KEYS[name] === key.toLowerCase())
    return view ? { kind: 'go', view } : NOTHING
  }
  if (key === '?') return { kind: 'shortcuts' }
  return key === 'g' ? { kind: 'awaitView' } : NOTHING
}
