/** The settings as a flat list of dotted keys, read from the schema. */
import * as z from 'zod'
import { type Phrase, phrase } from '../messages/phrase.ts'
import { textOf } from '../messages/text.ts'
import { editDistance } from './editDistance.ts'
import { comparable, environmentName } from './environmentNames.ts'
import type { Form, SettingFacts } from './fields.ts'
import { settingsSchema } from './schema.ts'

/** How a value of a setting is written as text. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'choice' | 'list'

/** One setting. */
export type SettingKey = {
  /** Dotted: `watchdog.intervalMs`. */
  readonly key: string
  readonly description: string
  readonly unit?: string
  readonly default: unknown
  /** Changes from a terminal only: never over HTTP, never by the agent. */
  readonly ownerOnly: boolean
  /** What may be written, in English words. */
  readonly type: string
  readonly kind: ValueKind
  /** The same as `type`, to be worded in any language. */
  readonly expectation: Phrase
  /** The variable that goes before `ottugi.yaml`: `OTTUGI_WATCHDOG__INTERVAL_MS`. */
  readonly environmentName: string
}

let cached: readonly SettingKey[] | undefined

/** All settings, in the order of the schema. */
export function settingKeys(): readonly SettingKey[] {
  cached ??= leavesOf(settingsSchema.shape, '')
  return cached
}

let byKey: ReadonlyMap<string, SettingKey> | undefined

/** The setting of that dotted key, if there is one. */
export function findSetting(key: string): SettingKey | undefined {
  byKey ??= new Map(settingKeys().map((setting) => [setting.key, setting]))
  return byKey.get(key)
}

/** The names of the groups: `agent`, `watchdog` … */
export function sectionNames(): readonly string[] {
  return Object.entries(settingsSchema.shape).flatMap(([name, schema]) =>
    schema instanceof z.ZodPrefault ? [name] : [],
  )
}

/** What each group is for, in English. */
export function sectionDescription(name: string): string {
  const schema: z.ZodType | undefined = Object.entries(settingsSchema.shape).find(([key]) => key === name)?.[1]
  return schema?.meta()?.description ?? ''
}

function leavesOf(shape: Readonly<Record<string, z.ZodType>>, prefix: string): SettingKey[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema
    return inner instanceof z.ZodObject
      ? leavesOf(inner.shape, `${prefix}${name}.`)
      : [leafOf(`${prefix}${name}`, schema)]
  })
}

function leafOf(key: string, schema: z.ZodType): SettingKey {
  if (!(schema instanceof z.ZodDefault)) throw new Error(`setting ${key}: expected a default in the schema`)
  const { description, unit, ownerOnly, form } = schema.meta() as SettingFacts
  const values = schema.unwrap() as z.ZodType
  const expectation = expectationOf(values, form)
  return {
    key,
    description,
    ...(unit === undefined ? {} : { unit }),
    default: schema.def.defaultValue,
    ownerOnly: ownerOnly === true,
    type: textOf('en', expectation),
    kind: kindOf(values),
    expectation,
    environmentName: environmentName(key),
  }
}

function kindOf(values: z.ZodType): ValueKind {
  if (values instanceof z.ZodNumber) return 'number'
  if (values instanceof z.ZodBoolean) return 'boolean'
  if (values instanceof z.ZodEnum) return 'choice'
  return values instanceof z.ZodArray ? 'list' : 'text'
}

function expectationOf(values: z.ZodType, form: Form | undefined): Phrase {
  if (form) return phrase(`expected.${form}`)
  if (values instanceof z.ZodEnum) return phrase('expected.oneOf', { words: values.options.join(', ') })
  if (values instanceof z.ZodBoolean) return phrase('expected.boolean')
  if (!(values instanceof z.ZodNumber)) return phrase('expected.text')
  const limits = { min: values.minValue ?? 0, max: values.maxValue ?? 0 }
  return values.isInt ? phrase('expected.wholeNumber', limits) : phrase('expected.number', limits)
}

/** The known name that a mistyped one most likely means, or undefined when none is near. Case and `_` count for nothing. */
export function nearestKey(name: string, known: readonly string[]): string | undefined {
  const wanted = comparable(name)
  let best: { key: string; distance: number } | undefined
  for (const key of known) {
    const distance = distanceBetween(wanted, comparable(key))
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { key, distance }
  }
  return best?.key
}

/** A key is also meant by its last part (`maxRestarts`, `agent.intervalMs`), but a whole match goes before it. Infinite where the two are too far apart. */
function distanceBetween(wanted: string, key: string): number {
  const whole = withinTolerance(wanted, key)
  const lastPart = withinTolerance(wanted.slice(wanted.lastIndexOf('.') + 1), key.slice(key.lastIndexOf('.') + 1))
  return Math.min(whole, lastPart + LAST_PART_ONLY)
}

/** Weighs more than one letter and less than two: a slip of the finger is likelier than the wrong group, and that likelier than two slips. */
const LAST_PART_ONLY = 1.5

/** The distance of two words, infinite when more than a third of the letters are wrong; two may always be. */
function withinTolerance(wanted: string, word: string): number {
  const distance = editDistance(wanted, word)
  return distance <= Math.max(2, Math.floor(wanted.length / 3)) ? distance : Number.POSITIVE_INFINITY
}
