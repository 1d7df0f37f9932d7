/** Rules for room: bytes, inodes, descriptors. */
import { DISK } from '../../shared/diskRoom.ts'
import type { Facts } from '../facts.ts'
import { isCrashLoop, isHung } from '../picture.ts'
import { ALERT, type Rule, step } from './rule.ts'

const FULL = { freeMb: 3, freeInodes: 900_000, isLow: true, isFull: true, inodesLow: false }
const NO_INODES = { freeMb: 20_000, freeInodes: 7, isLow: true, isFull: true, inodesLow: true }
const LOW = { freeMb: 40, freeInodes: 900_000, isLow: true, isFull: false, inodesLow: false }
/** The agent leaves by itself at 80 % of its descriptors; beyond this it could not. */
const DESCRIPTORS_SHARE = 0.9

function hasNoInodes({ disk }: Facts): boolean {
  return disk.freeInodes !== null && disk.freeInodes < DISK.fullInodes
}

function hasNoDescriptors({ descriptors }: Facts): boolean {
  return descriptors !== null && descriptors.open >= descriptors.limit * DESCRIPTORS_SHARE
}

const diskFull: Rule = {
  id: 'disk-full',
  why: 'runbook.diskFull',
  needs: 'runbook.diskFull.needs',
  treats: ['disk-full', 'inodes-exhausted', 'sqlite-full'],
  probe: (facts) => (facts.disk.isFull ? (hasNoInodes(facts) ? 'inodes-exhausted' : 'disk-full') : undefined),
  plan: ({ hasReserve, leftovers, rotatedLogs }) => [
    ...(hasReserve ? [step('free_reserve')] : []),
    ...(leftovers > 0 ? [step('prune_tmp')] : []),
    ...(rotatedLogs.removable > 0 ? [step('compress_logs', { mode: 'remove' })] : []),
    ALERT,
  ],
  examples: [
    {
      logs: ['Error: ENOSPC: no space left on device, write', 'SqliteError: database or disk is full'],
      facts: { disk: FULL, rotatedLogs: { packable: 2, removable: 3 } },
      steps: [step('free_reserve'), step('compress_logs', { mode: 'remove' }), ALERT],
    },
    {
      logs: ["Error: ENOSPC: no space left on device, open '/home/o/data/x'"],
      facts: { disk: NO_INODES, hasReserve: false, leftovers: 4 },
      steps: [step('prune_tmp'), ALERT],
    },
    { logs: ['Error: ENOSPC: no space left on device, write'], facts: {}, steps: [] },
  ],
}

const diskLow: Rule = {
  id: 'disk-low',
  why: 'runbook.diskLow',
  needs: 'runbook.diskLow.needs',
  treats: ['disk-low', 'disk-full'],
  // In a crash loop of another cause it would only look as if something had been mended.
  probe: (facts) => (facts.disk.isLow && !facts.disk.isFull && !isCrashLoop(facts) ? 'disk-low' : undefined),
  plan: ({ leftovers, rotatedLogs }) => [
    ...(leftovers > 0 ? [step('prune_tmp')] : []),
    ...(rotatedLogs.packable > 0 ? [step('compress_logs', { mode: 'compress' })] : []),
  ],
  examples: [
    {
      logs: ['Error: ENOSPC: no space left on device, write'],
      facts: { disk: LOW, leftovers: 1, rotatedLogs: { packable: 2, removable: 2 } },
      steps: [step('prune_tmp'), step('compress_logs', { mode: 'compress' })],
    },
    { logs: [], facts: { disk: LOW }, steps: [] },
  ],
}

const descriptors: Rule = {
  id: 'descriptors-exhausted',
  why: 'runbook.descriptors',
  needs: 'runbook.descriptors.needs',
  treats: ['descriptors-exhausted'],
  probe: (facts) => (hasNoDescriptors(facts) ? 'descriptors-exhausted' : undefined),
  plan: (facts) => (isHung(facts) ? [step('restart', { app: 'agent' }), ALERT] : [ALERT]),
  examples: [
    {
      logs: ["Error: EMFILE: too many open files, open '/home/o/workspace/a'"],
      facts: {
        symptom: 'unreachable',
        answers: { agent: false, dashboard: true },
        descriptors: { open: 1_020, limit: 1_024 },
      },
      steps: [step('restart', { app: 'agent' }), ALERT],
    },
    { logs: ['Error: EMFILE: too many open files'], facts: { descriptors: { open: 50, limit: 1_024 } }, steps: [] },
  ],
}

/** Room on the disk, as the first thing: nothing else can be written without it. */
export const DISK_RULES: readonly Rule[] = [diskFull]
/** What is bearable, after everything that is not. */
export const ROOM_RULES: readonly Rule[] = [descriptors, diskLow]
