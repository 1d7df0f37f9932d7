/** What the agent says of its model key, in health and in answers. */
import type { Language } from '../shared/messages/message.ts'
import { text } from '../shared/messages/text.ts'
import { commandAnywhere } from '../shared/printedCommand.ts'

/** What sentences about the model are made from. */
export type ModelFacts = {
  readonly language: Language
  /** Absolute path; printed commands name it. */
  readonly home: string
  readonly keyVariable: string
  /** The limits of what may be spent. */
  readonly budget: Readonly<Record<string, number>>
}

type KeyFacts = Pick<ModelFacts, 'language' | 'home' | 'keyVariable'>

/** There is no key, and two ways to get going. */
export function noKey({ language, home, keyVariable: variable }: KeyFacts): string {
  return text(language, 'agent.noKey', {
    variable,
    setKey: commandAnywhere(`config secret set ${variable}`, home),
    setUrl: commandAnywhere('config set model.baseUrl http://127.0.0.1:8080', home),
  })
}

/** The provider refuses the key. */
export function keyRefused({ language, home, keyVariable: variable }: KeyFacts): string {
  return text(language, 'agent.unauthorized', {
    variable,
    command: commandAnywhere(`config secret set ${variable}`, home),
  })
}
