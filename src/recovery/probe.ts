/** PURE. The coarse picture of an installation that a learned rule is bound to: what is wrong, in closed words, without figures that change by themselves. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../shared/canonicalJson.ts'
import type { Facts } from './facts.ts'
import { isCrashLoop, poisonedRuns } from './picture.ts'

/** SHA-256 (hex, 16 characters) of the picture. Nothing of it comes out of a log. */
export function probeOf(facts: Facts): string {
  return createHash('sha256')
    .update(canonicalJson(pictureOf(facts)))
    .digest('hex')
    .slice(0, 16)
}

function pictureOf(facts: Facts) {
  const { isAgentAlive, settings, hasKnownGood, databases, dependencies, safeMode, hasReserve } = facts
  const { isLow, isFull, inodesLow } = facts.disk
  return {
    ...{
      isAgentAlive,
      settings,
      hasKnownGood,
      databases,
      dependencies,
      safeMode,
      hasReserve,
      isLow,
      isFull,
      inodesLow,
    },
    symptom: facts.symptom,
    isCrashLoop: isCrashLoop(facts),
    lastEnd: facts.lifeEnds[0]?.code ?? null,
    ports: facts.ports.map(({ app, state }) => `${app} ${state}`),
    staleLocks: facts.locks.filter(({ isStale }) => isStale).map(({ id }) => id),
    missingFolders: facts.missingFolders,
    wrongModes: facts.wrongModes,
    orphans: facts.orphanApps,
    hasPoisonedRun: poisonedRuns(facts).length > 0,
  }
}
