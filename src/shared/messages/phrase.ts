import type { MessageKey, Table } from './table.ts'

type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

/** The parameters that the English text of a key asks for. */
export type MessageParams<Key extends MessageKey> = Readonly<Record<NamesIn<Table[Key]['en']>, string | number>>

/** What follows a key in a call: its parameters, or nothing where the text has none. */
export type ParamsOf<Key extends MessageKey> = [NamesIn<Table[Key]['en']>] extends [never]
  ? []
  : [params: MessageParams<Key>]

/** A text that is not yet in any language: plain JSON, to be stored or handed on and worded where the reader's language is known. */
export type Phrase = {
  readonly key: MessageKey
  readonly params: Readonly<Record<string, string | number>>
}

/** Makes a phrase; its parameters are checked against the English text. */
export function phrase<Key extends MessageKey>(key: Key, ...[params]: ParamsOf<Key>): Phrase {
  return { key, params: params ?? {} }
}
