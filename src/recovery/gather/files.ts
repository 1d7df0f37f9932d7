/** Probes of files and folders of a home: nothing is opened for writing, and no link is followed where one should not be. */
import { existsSync } from 'node:fs'
import { leftoversOf, rotatedLogs } from '../../repair/actions/clearUp.ts'
import { isStaleLock, LOCK_IDS, lockPath } from '../../repair/actions/removeLock.ts'
import { lookAt } from '../../repair/fileState.ts'
import { readKnownGood } from '../../repair/knownGoodFile.ts'
import { folderPath, judgeMode, OWN_FILES, OWN_FOLDERS } from '../../repair/ownFiles.ts'
import { settingsTextOf } from '../../repair/settingsText.ts'
import { DISK, readDiskRoom } from '../../shared/diskRoom.ts'
import { lockfileOf } from '../../shared/lockedPackages.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { isReserveWhole } from '../../shared/reserve.ts'
import type { Facts } from '../facts.ts'
import { attempt } from './attempt.ts'

const MIB = 1_048_576
const NO_ROOM_KNOWN: Facts['disk'] = {
  freeMb: null,
  freeInodes: null,
  isLow: false,
  isFull: false,
  inodesLow: false,
}

type FileFacts = Pick<
  Facts,
  | 'disk'
  | 'hasReserve'
  | 'isReserveWhole'
  | 'leftovers'
  | 'rotatedLogs'
  | 'locks'
  | 'missingFolders'
  | 'wrongModes'
  | 'wrongOwners'
>

/** Everything that lies in a home, as far as it can be seen. */
export function fileFacts(paths: HomePaths, uid: number): FileFacts {
  return {
    disk: attempt(() => diskOf(paths.home), NO_ROOM_KNOWN),
    hasReserve: attempt(() => lookAt(paths.reserve) !== undefined, false),
    isReserveWhole: isReserveWhole(paths),
    leftovers: attempt(() => leftoversOf({ paths }).length, 0),
    rotatedLogs: {
      packable: rotatedLogs({ paths }, 'compress').length,
      removable: rotatedLogs({ paths }, 'remove').length,
    },
    locks: LOCK_IDS.flatMap((id) => {
      const path = lockPath(paths, id)
      return attempt(() => (lookAt(path) ? [{ id, isStale: isStaleLock(path).ok }] : []), [])
    }),
    missingFolders: missingFolders(paths),
    ...modeFacts(paths, uid),
  }
}

function diskOf(home: string): Facts['disk'] {
  const { freeBytes, freeInodes, isLow, isFull } = readDiskRoom(home)
  const inodesLow = freeInodes !== null && freeInodes < DISK.lowInodes
  return { freeMb: Math.floor(freeBytes / MIB), freeInodes, isLow, isFull, inodesLow }
}

/** Before the first start no folder is missing: they are made by it. */
function missingFolders(paths: HomePaths): string[] {
  if (!existsSync(paths.data)) return []
  return OWN_FOLDERS.filter((folder) => attempt(() => lookAt(folderPath(paths, folder)) === undefined, false))
}

function modeFacts(paths: HomePaths, uid: number): Pick<Facts, 'wrongModes' | 'wrongOwners'> {
  const faults = OWN_FILES.map((file) => ({ file, fault: attempt(() => judgeMode(paths, file, uid), undefined) }))
  return {
    wrongModes: faults.filter(({ fault }) => fault === 'wrong-mode').map(({ file }) => file),
    wrongOwners: faults.filter(({ fault }) => fault !== undefined && fault !== 'wrong-mode').map(({ file }) => file),
  }
}

/** Known good settings, and what changed since they were saved: `nowMs` is the wall clock, which is what files are stamped with. */
export function changeFacts(
  paths: HomePaths,
  appRoot: string,
  nowMs: number,
): Pick<Facts, 'hasKnownGood' | 'knownGoodDiffers' | 'changed'> {
  const good = attempt(() => readKnownGood(paths), undefined)
  const sinceMs = Date.parse(good?.savedAt ?? '')
  const age = (path: string): number | null => {
    const changedMs = attempt(() => lookAt(path)?.mtimeMs, undefined)
    // Without a good start on record everything is new.
    const isOld = changedMs === undefined || changedMs <= sinceMs
    return isOld ? null : Math.max(0, Math.round(nowMs - changedMs))
  }
  const differs = good !== undefined && attempt(() => good.settingsText !== settingsTextOf(paths), false)
  return {
    hasKnownGood: good !== undefined,
    knownGoodDiffers: differs,
    changed: {
      // A file that was written anew and says the same has not changed.
      settingsMs: good === undefined || differs ? age(paths.settings) : null,
      secretsMs: age(paths.env),
      dependenciesMs: age(lockfileOf(appRoot)),
    },
  }
}
