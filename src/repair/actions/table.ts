/** Every action there is. Who is not here cannot be chosen by anybody. */
import type { Action } from '../action.ts'
import { compressLogs, pruneTmp } from './clearUp.ts'
import { enterSafeMode } from './enterSafeMode.ts'
import { holdRestart } from './holdRestart.ts'
import { makeDir } from './makeDir.ts'
import { parkSession, quarantineJob } from './park.ts'
import { none, raiseAlert } from './raiseAlert.ts'
import { reinstallDependencies } from './reinstallDependencies.ts'
import { removeLock } from './removeLock.ts'
import { freeReserve, makeReserve } from './reserve.ts'
import { restart } from './restart.ts'
import { restoreConfig } from './restoreConfig.ts'
import { restoreDatabase } from './restoreDatabase.ts'
import { setHeapLimit } from './setHeapLimit.ts'
import { setMode } from './setMode.ts'
import { stopOwnOrphan } from './stopOwnOrphan.ts'
import { useFallbackPort } from './useFallbackPort.ts'

/** The table, by id. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [
    setMode,
    makeDir,
    removeLock,
    stopOwnOrphan,
    useFallbackPort,
    restoreConfig,
    restoreDatabase,
    freeReserve,
    makeReserve,
    compressLogs,
    pruneTmp,
    reinstallDependencies,
    enterSafeMode,
    restart,
    holdRestart,
    quarantineJob,
    parkSession,
    setHeapLimit,
    raiseAlert,
    none,
  ].map((action) => [action.id, action]),
)
