/** The kinds of values that settings have, and how each setting is declared. */
import * as z from 'zod'
import { looksSecret } from '../childEnvironment.ts'
import { type Phrase, phrase } from '../messages/phrase.ts'
import { VARIABLE_NAME } from './variableName.ts'

/** What a text or a list of texts stands for; it decides what people are told to write. */
export type Form =
  | 'host'
  | 'url'
  | 'optionalUrl'
  | 'variable'
  | 'optionalVariable'
  | 'variables'
  | 'commands'
  | 'channels'
  | 'providers'
  | 'models'
  | 'optionalModel'
  | 'timeOfDay'
  | 'timeZone'
  | 'hostRules'
  | 'gateRules'
  | 'secretHosts'
  | 'folders'
  | 'basePath'
  | 'proxies'
  | 'user'

/** What is known of a setting beside its type and default. */
export type SettingFacts = {
  /** One sentence or more for people. */
  readonly description: string
  /** The unit of a number: `ms`, `MiB`, `USD` … */
  readonly unit?: string
  /** Changes from a terminal only: never over HTTP, never by the agent. */
  readonly ownerOnly?: true
  readonly form?: Form
}

/** Declares one setting: its values, what it is when nobody says anything, and what is known of it. */
export function setting<Schema extends z.ZodType>(
  schema: Schema,
  initial: z.util.NoUndefined<z.output<Schema>>,
  facts: SettingFacts,
) {
  return schema.default(initial).meta({ ...facts })
}

/** Declares a group of settings; a group that is left out has all its defaults. */
export function section<Shape extends Record<string, z.ZodType>>(description: string, shape: Shape) {
  // The defaults of the members fill the empty object: `prefault` parses it, `default` would not.
  return z
    .strictObject(shape)
    .prefault({} as never)
    .meta({ description })
}

/** A whole number within limits, both included. */
export const whole = (min: number, max: number) => z.int().min(min).max(max)

/** A number within limits, both included. */
export const amount = (min: number, max: number) => z.number().min(min).max(max)

/** The longest wait that a timer of Node can hold. */
export const LONGEST_MS = 2_147_483_647

/** A duration in milliseconds, at least `min`. */
export const duration = (min: number) => whole(min, LONGEST_MS)

export const portNumber = whole(0, 65_535)

/** A host name or an address; a port or a path does not fit. */
export const host = z.string().regex(/^[A-Za-z0-9.:_-]+$/)

/** The name of a variable that holds a secret of the owner's; our own tokens must never be sent to a provider. */
export const secretVariable = z.string().regex(/^(?!OTTUGI_)[A-Za-z_][A-Za-z0-9_]*$/i)

/** A web address. A password inside it would be a secret outside `.env`. */
export const webAddress = z.url({ protocol: /^https?$/ }).refine((address) => {
  const parsed = URL.parse(address)
  return parsed !== null && parsed.username === '' && parsed.password === ''
})

/** What a cross-field or special rule says when it is broken; travels in the `params` of a custom issue. */
export type RuleBroken = {
  readonly expected: Phrase
  readonly todo?: Phrase
  /** The other setting that the rule compares with. */
  readonly other?: string
}

/** A list of names of environment variables, none of which looks like a secret. */
export const plainVariables = z.array(
  z
    .string()
    .regex(VARIABLE_NAME)
    .refine((name) => !looksSecret(name), {
      params: { expected: phrase('expected.noSecret'), todo: phrase('todo.secretsInEnv') } satisfies RuleBroken,
    }),
)

/** A list of names of commands: looked up on PATH, so no path and no arguments. */
export const commandNames = z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/))
