import { statSync } from 'node:fs'
import { livingOf } from '../../repair/actions/stopOwnOrphan.ts'
import { text } from '../../shared/messages/text.ts'
import { APPS } from '../../shared/paths.ts'
import { readStat } from '../../shared/procfs.ts'
import type { Check, Finding, GuardianContext } from '../check.ts'

/**
 * Do our processes run as us, and under one supervisor? One of another user cannot be ended from here, and what it writes shuts us out. Two
 * supervisors each start what the other one ends. Linux only: elsewhere neither can be seen without a program.
 */
export const processOwners: Check = {
  id: 'processOwners',
  title: 'owners of our processes',
  look: (ctx) => (process.platform === 'linux' ? [...foreign(ctx), ...twoSupervisors(ctx)] : []),
}

function foreign({ paths, uid, language }: GuardianContext): Finding[] {
  return APPS.flatMap((app) =>
    livingOf(paths, app).flatMap(({ pid }): Finding[] => {
      const owner = ownerOf(pid)
      if (owner === undefined || owner === uid) return []
      return [
        {
          check: 'processOwners',
          severity: 'fail',
          what: text(language, 'doctor.processOwner', { app, pid, owner, uid }),
          fault: 'process-of-other-user',
          human: text(language, 'doctor.processOwner.human', { owner }),
        },
      ]
    }),
  )
}

/** During a hand-over the old processes and the new ones have different parents: those of one app count once, the newest. */
function twoSupervisors({ paths, language }: GuardianContext): Finding[] {
  const newest = APPS.flatMap((app) => livingOf(paths, app).at(-1) ?? [])
  const parents = new Set(newest.map(({ pid }) => readStat(pid)?.parentPid ?? 0).filter((pid) => pid > 1))
  if (parents.size < 2) return []
  const what = text(language, 'doctor.twoSupervisors', { pids: [...parents].join(', ') })
  const human = text(language, 'doctor.twoSupervisors.human')
  return [{ check: 'processOwners', severity: 'warn', what, fault: 'two-supervisors', human }]
}

function ownerOf(pid: number): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid
}
