/** PURE: what is kept of the measurements of a stretch of time, alone and as a row of many. */

/** At least one measurement. `mean` is weighted by `count` when buckets are put together. */
export type Bucket = {
  readonly count: number
  readonly mean: number
  readonly min: number
  readonly max: number
}

/** One measurement. */
export function bucketOf(value: number): Bucket {
  return { count: 1, mean: value, min: value, max: value }
}

/** Both together. */
export function merged(one: Bucket | undefined, other: Bucket): Bucket {
  if (!one) return other
  const count = one.count + other.count
  const min = Math.min(one.min, other.min)
  const max = Math.max(one.max, other.max)
  // Rounding must not carry a mean out of what was measured.
  const mean = Math.min(max, Math.max(min, one.mean + (other.mean - one.mean) * (other.count / count)))
  return { count, mean, min, max }
}

/** A row: four single-precision numbers for each bucket (mean, min, max, count), a count of 0 where nothing was measured. */
export type Block = Float32Array

const NUMBERS = 4

/** A row of empty buckets. */
export function emptyBlock(buckets: number): Block {
  return new Float32Array(buckets * NUMBERS)
}

/** The row as it came out of the database; undefined for one that is not of this length. */
export function blockFrom(bytes: Uint8Array, buckets: number): Block | undefined {
  if (bytes.byteLength !== buckets * NUMBERS * Float32Array.BYTES_PER_ELEMENT) return undefined
  // A copy: what came may lie anywhere in a buffer that it shares.
  return new Float32Array(new Uint8Array(bytes).buffer)
}

/** The row as it goes into the database. */
export function bytesOf(block: Block): Buffer {
  return Buffer.from(block.buffer, block.byteOffset, block.byteLength)
}

/** How many measurements are in the bucket at a place in the row; without any, the rest of it means nothing. */
export function countAt(block: Block, index: number): number {
  return block[index * NUMBERS + 3] ?? 0
}

/** Their mean. */
export function meanAt(block: Block, index: number): number {
  return block[index * NUMBERS] ?? 0
}

/** The smallest of them. */
export function minAt(block: Block, index: number): number {
  return block[index * NUMBERS + 1] ?? 0
}

/** The largest of them. */
export function maxAt(block: Block, index: number): number {
  return block[index * NUMBERS + 2] ?? 0
}

/** The bucket at a place in the row; undefined where nothing was measured. */
export function bucketAt(block: Block, index: number): Bucket | undefined {
  const count = countAt(block, index)
  return count > 0
    ? { mean: meanAt(block, index), min: minAt(block, index), max: maxAt(block, index), count }
    : undefined
}

/** Adds to the bucket at a place in the row. */
export function addAt(block: Block, index: number, more: Bucket): void {
  const { mean, min, max, count } = merged(bucketAt(block, index), more)
  block.set([mean, min, max, count], index * NUMBERS)
}
