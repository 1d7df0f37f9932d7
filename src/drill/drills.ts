import type { Drill } from './drill.ts'
import { PROCESS_DRILLS } from './faults/agentProcess.ts'
import { CRASH_LOOP_DRILLS } from './faults/crashLoop.ts'
import { DATABASE_DRILLS } from './faults/databases.ts'
import { DISK_DRILLS } from './faults/disk.ts'
import { LEAK_DRILLS } from './faults/leaks.ts'
import { LEFTOVER_DRILLS } from './faults/leftovers.ts'
import { LOG_FLOOD_DRILLS } from './faults/logFlood.ts'
import { MODEL_DRILLS } from './faults/model.ts'
import { MODE_DRILLS } from './faults/modes.ts'
import { ORPHAN_DRILLS } from './faults/orphans.ts'
import { PACKAGE_DRILLS } from './faults/packages.ts'
import { PORT_DRILLS } from './faults/ports.ts'
import { SECRET_DRILLS } from './faults/secrets.ts'
import { SETTINGS_DRILLS } from './faults/settings.ts'
import { SLOW_HEALTH_DRILLS } from './faults/slowHealth.ts'
import { SUPERVISOR_DRILLS } from './faults/supervisor.ts'
import { TIME_DRILLS } from './faults/time.ts'

/** Every drill, in the order of the fault matrix. */
export const DRILLS: readonly Drill[] = [
  ...PROCESS_DRILLS,
  ...SLOW_HEALTH_DRILLS,
  ...LEAK_DRILLS,
  ...PORT_DRILLS,
  ...ORPHAN_DRILLS,
  ...SETTINGS_DRILLS,
  ...SECRET_DRILLS,
  ...MODE_DRILLS,
  ...DATABASE_DRILLS,
  ...LEFTOVER_DRILLS,
  ...DISK_DRILLS,
  ...PACKAGE_DRILLS,
  ...TIME_DRILLS,
  ...CRASH_LOOP_DRILLS,
  ...SUPERVISOR_DRILLS,
  ...LOG_FLOOD_DRILLS,
  ...MODEL_DRILLS,
]
