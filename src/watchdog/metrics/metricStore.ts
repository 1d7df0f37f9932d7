/** Writes measurements into `watchdog.db`: all tiers at once, in one transaction, within bounds that no history can break. */
import type Database from 'better-sqlite3'
import { addAt, type Block, type Bucket, blockFrom, bytesOf, emptyBlock } from '../../shared/metrics/bucket.ts'
import {
  blockMs,
  HEALTH_TIERS,
  HEALTH_WORDS,
  type HealthTier,
  type HealthWord,
  mostRows,
  TIERS,
  type Tier,
} from '../../shared/metrics/tiers.ts'

/** Milliseconds of each word. */
export type WordTimes = Readonly<Partial<Record<HealthWord, number>>>

/** What is to be written: by series and begin of the bucket, and by begin of the minute. Wall clock, milliseconds. */
export type Measurements = {
  readonly buckets: ReadonlyMap<string, ReadonlyMap<number, Bucket>>
  readonly health: ReadonlyMap<number, WordTimes>
}

/** Adds measurements to what is there. All or nothing: what was thrown was not written. */
export type WriteMeasurements = (measurements: Measurements) => void

/** Prepares the writing. The tables must be there. */
export function createMetricStore(db: Database.Database): WriteMeasurements {
  const tiers = TIERS.map((tier) => tierWriter(db, tier))
  const health = HEALTH_TIERS.map((tier) => healthWriter(db, tier))
  return db.transaction(({ buckets, health: times }: Measurements) => {
    for (const write of tiers) write(buckets)
    for (const write of health) write(times)
  })
}

function tierWriter(db: Database.Database, tier: Tier): (all: Measurements['buckets']) => void {
  const read = db.prepare<[string, number], { buckets: Buffer }>(
    `SELECT buckets FROM ${tier.table} WHERE series = ? AND block = ?`,
  )
  const write = db.prepare(
    `INSERT INTO ${tier.table} (series, block, buckets) VALUES (?, ?, ?)
     ON CONFLICT (series, block) DO UPDATE SET buckets = excluded.buckets`,
  )
  const prune = pruning(db, tier.table, mostRows(tier))
  const blockOf = (series: string, number: number): Block => {
    const row = read.get(series, number)
    return (row && blockFrom(row.buckets, tier.blockBuckets)) ?? emptyBlock(tier.blockBuckets)
  }
  return (all) => {
    for (const [series, buckets] of all) {
      const blocks = new Map<number, Block>()
      for (const [at, bucket] of buckets) {
        const number = Math.floor(at / blockMs(tier))
        const block = blocks.get(number) ?? blockOf(series, number)
        blocks.set(number, block)
        addAt(block, Math.floor((at - number * blockMs(tier)) / tier.stepMs), bucket)
      }
      for (const [number, block] of blocks) write.run(series, number, bytesOf(block))
    }
    prune()
  }
}

function healthWriter(db: Database.Database, tier: HealthTier): (all: Measurements['health']) => void {
  const sums = HEALTH_WORDS.map((word) => `${word} = min(:stepMs, ${word} + excluded.${word})`)
  const write = db.prepare(
    `INSERT INTO ${tier.table} (at, ${HEALTH_WORDS.join(', ')}) VALUES (:at, ${HEALTH_WORDS.map((word) => `:${word}`).join(', ')})
     ON CONFLICT (at) DO UPDATE SET ${sums.join(', ')}`,
  )
  const prune = pruning(db, tier.table, tier.mostRows)
  const { stepMs } = tier
  return (all) => {
    for (const [at, times] of all) {
      const whole = HEALTH_WORDS.map((word) => [word, Math.round(times[word] ?? 0)])
      write.run({ ...Object.fromEntries(whole), at: Math.floor(at / stepMs) * stepMs, stepMs })
    }
    prune()
  }
}

/** The newest `keep` by the order of writing stay. */
function pruning(db: Database.Database, table: string, keep: number): () => void {
  const statement = db.prepare(`DELETE FROM ${table} WHERE id <= (SELECT max(id) FROM ${table}) - ?`)
  return () => void statement.run(keep)
}
