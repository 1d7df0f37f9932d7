/** `data/learned.json`: what was learned. One writer at a time; a kill leaves the old file or the new one. */
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileDurably } from '../shared/atomicFile.ts'
import { acquireLock } from '../shared/lockFile.ts'
import type { HomePaths } from '../shared/paths.ts'
import { readSmallJson } from '../shared/smallFile.ts'
import { type Learned, type LearnedRule, NOTHING_LEARNED, type Tried } from './learned.ts'

/** How long a writer waits for another one, in milliseconds, and how often it looks. */
const PATIENCE_MS = 3_000
const LOOK_MS = 20

/** Where it is kept. */
export function learnedFile(paths: HomePaths): string {
  return join(paths.data, 'learned.json')
}

/** What was learned. A file that is missing or damaged taught nothing; what is no rule is passed over. */
export function readLearned(paths: HomePaths): Learned {
  const value = readSmallJson(learnedFile(paths))
  if (typeof value !== 'object' || value === null) return NOTHING_LEARNED
  const { tried, rules, nextRule } = value as Partial<Record<keyof Learned, unknown>>
  if (!Array.isArray(tried) || !Array.isArray(rules) || !Number.isSafeInteger(nextRule)) return NOTHING_LEARNED
  return { tried: tried.filter(isTried), rules: rules.filter(isRule), nextRule: nextRule as number }
}

/** True for the fields that a rule and a plan share. */
function hasKey(value: unknown): value is Record<string, unknown> {
  const it = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const texts = [it['signature'], it['probe'], it['action'], it['actionHash'], it['gateHash']]
  return texts.every((text) => typeof text === 'string') && 'args' in it
}

const STATES: readonly unknown[] = ['candidate', 'proposed', 'active', 'demoted']

function isRule(value: unknown): value is LearnedRule {
  if (!hasKey(value) || !Array.isArray(value['incidents'])) return false
  const isId = typeof value['id'] === 'string' && /^L[1-9]\d{0,8}$/.test(value['id'])
  return (
    isId &&
    STATES.includes(value['state']) &&
    typeof value['note'] === 'string' &&
    typeof value['changedAt'] === 'string'
  )
}

function isTried(value: unknown): value is Tried {
  return hasKey(value) && typeof value['repairId'] === 'string' && typeof value['outcome'] === 'string'
}

/** Changes it, durable when it returns. `change` may say no with a value of its own; `busy` where another one wrote for too long. */
export async function changeLearned<No extends { readonly ok: false }>(
  paths: HomePaths,
  change: (learned: Learned) => { readonly ok: true; readonly learned: Learned } | No,
): Promise<{ readonly ok: true } | No | { readonly ok: false; readonly why: 'busy' }> {
  const lock = await takeLock(join(paths.run, 'learned.lock'))
  if (!lock) return { ok: false, why: 'busy' }
  try {
    const before = readLearned(paths)
    const changed = change(before)
    if (!changed.ok) return changed
    if (changed.learned === before) return { ok: true }
    const file = learnedFile(paths)
    // What cannot be read may hold somebody's yes: it is kept for a person.
    if (before === NOTHING_LEARNED && existsSync(file)) renameSync(file, `${file}.broken`)
    writeFileDurably(file, `${JSON.stringify(changed.learned, null, 1)}\n`)
    return { ok: true }
  } finally {
    lock.release()
  }
}

async function takeLock(path: string): Promise<{ readonly release: () => void } | undefined> {
  for (let waitedMs = 0; waitedMs <= PATIENCE_MS; waitedMs += LOOK_MS) {
    const lock = acquireLock(path)
    if (lock.ok) return lock
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  return undefined
}
