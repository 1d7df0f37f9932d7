/** The part of a `KeyboardEvent` that decides. */
export type Keystroke = {
  readonly key: string
  readonly shiftKey: boolean
  readonly isComposing: boolean
  /** 229 while an input method works on the key, also where `isComposing` is not yet or no longer set. */
  readonly keyCode: number
}

const KEY_OF_INPUT_METHOD = 229

/**
 * PURE. Does this key send the message? Enter does, Shift-Enter is a new line; an Enter that ends the composition of a Korean syllable
 * belongs to the input method and never sends.
 */
export function isSendKey({ key, shiftKey, isComposing, keyCode }: Keystroke): boolean {
  return key === 'Enter' && !shiftKey && !isComposing && keyCode !== KEY_OF_INPUT_METHOD
}
