/** `data/update.json`: how far the last update of a home is. Written durably before each step that changes what runs. */
import { join } from 'node:path'
import { writeFileDurably } from '../../shared/atomicFile.ts'
import { type Identity, isIdentity } from '../../shared/identity.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { readSmallJson } from '../../shared/smallFile.ts'

/**
 * The steps. `switching`: the link may name the new one already. `holding`: the new one was ready, and is watched. `back`: it is being taken
 * back. The last two end an update.
 */
export type UpdateState = 'switching' | 'holding' | 'back' | 'done' | 'undone'

/** Forms of the databases by owner; one that was not there is missing. */
export type DatabaseForms = { readonly agent?: number; readonly watchdog?: number }

/** The record. `from` and `to` name releases; `from` is null for the base. */
export type UpdateRecord = {
  /** Names the exchange of databases too. */
  readonly id: string
  readonly state: UpdateState
  readonly from: string | null
  readonly fromVersion: string
  readonly to: string
  readonly toVersion: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** The process that updates. */
  readonly updater: Identity
  /** The forms before the update. */
  readonly forms: DatabaseForms
  /** True where the new version brings a database to another form: going back then takes the copies from before. */
  readonly changesForm: boolean
  /** True where the update began a maintenance, and nobody had before. */
  readonly endsMaintenance: boolean
}

const STATES: readonly unknown[] = ['switching', 'holding', 'back', 'done', 'undone'] satisfies UpdateState[]

/** The last update; undefined where there was none, or its record cannot be read. */
export function readUpdate({ data }: Pick<HomePaths, 'data'>): UpdateRecord | undefined {
  const value = readSmallJson(join(data, 'update.json')) as Partial<UpdateRecord> | undefined
  const isWhole =
    typeof value?.id === 'string' &&
    typeof value.to === 'string' &&
    STATES.includes(value.state) &&
    isIdentity(value.updater)
  return isWhole ? (value as UpdateRecord) : undefined
}

/** Writes it. */
export function writeUpdate({ data }: Pick<HomePaths, 'data'>, record: UpdateRecord): void {
  writeFileDurably(join(data, 'update.json'), `${JSON.stringify(record)}\n`)
}
