/** The words of the page: messages of an area, in the language that the reader chose. Whoever reads them while rendering is rendered anew when it changes. */
import { signal } from '@preact/signals'
import type { Language, Messages } from '../../../../src/shared/messages/message.ts'

/** The language of the page. */
export const language = signal<Language>('en')

type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never
type ParamsOf<Template extends string> = [NamesIn<Template>] extends [never]
  ? []
  : [params: Readonly<Record<NamesIn<Template>, string | number>>]

/** Words one message of an area; its parameters are checked against the English text. */
export type Say<Area extends Messages> = <Key extends keyof Area & string>(
  key: Key,
  ...params: ParamsOf<Area[Key]['en']>
) => string

/** The function that words the messages of an area: `const t = sayFrom(pageMessages)`, then `t('page.live')`. */
export function sayFrom<Area extends Messages>(area: Area): Say<Area> {
  return (key, ...params) => fill(area[key]?.[language.value] ?? key, params[0] ?? {})
}

function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}
