/** `data prune` and `data clear`. Files go at once; rows of the databases only while nothing runs, because their owners keep them open. */
import {
  FILE_AREAS,
  type FileArea,
  type FileLimits,
  findLeftovers,
  type Leftover,
  measureHome,
  removeLeftovers,
} from '../../service/data/files.ts'
import { countRows, limitsOf, removeRows } from '../../service/data/sweep.ts'
import { defaultSettings, loadSettings } from '../../shared/config/load.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { acquireLock } from '../../shared/lockFile.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { type Cutoffs, ROW_AREAS, type RowArea, type RowCounts } from '../../shared/retention/rows.ts'
import type { CliContext } from '../context.ts'
import { askSweep } from '../lifecycle/askSweep.ts'
import { atRest } from '../lifecycle/atRest.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'
import { livingProcesses } from '../lifecycle/takeDown.ts'
import { sizeWords } from '../sizeWords.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { stateLock } from './backup.ts'
import type { ClearOptions } from './data.ts'
import { start } from './start.ts'

type Limits = { readonly rows: Cutoffs; readonly files: FileLimits }

/** `data prune`: what the settings say. Settings that are broken count as the defaults: they keep more. */
export function prune(context: CliContext, options: ClearOptions): number | Promise<number> {
  const { paths, environment } = context
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  const { retention } = loaded.ok ? loaded.settings : defaultSettings()
  return sweep(context, limitsOf(retention, Date.now()), options)
}

/** `data clear`: all of these areas, whatever their age. */
export function clear(context: CliContext, given: readonly string[], options: ClearOptions): number | Promise<number> {
  const { language, err } = context
  const areas: readonly string[] = [...ROW_AREAS, ...FILE_AREAS]
  const unknown = given.find((area) => !areas.includes(area))
  if (unknown !== undefined) {
    err(text(language, 'data.unknown', { given: terminalSafe(unknown), areas: areas.join(', ') }))
    return EXIT.usage
  }
  if (!options.yes && !options.dryRun) {
    err(text(language, 'data.needsYes'))
    return EXIT.usage
  }
  // What is written this very moment stays.
  const before = new Date().toISOString()
  const rows = Object.fromEntries(ROW_AREAS.filter((area) => given.includes(area)).map((area) => [area, before]))
  const wants = (area: FileArea) => given.includes(area)
  const files = {
    ...(wants('logs') ? { logsMs: 0 } : {}),
    ...(wants('aside') ? { asideMs: 0 } : {}),
    ...(wants('backups') ? { backupsKeep: 0 } : {}),
    ...{ releases: wants('releases'), cache: wants('cache') },
  }
  return sweep(context, { rows, files }, options)
}

function sweep(context: CliContext, limits: Limits, options: ClearOptions): number | Promise<number> {
  const { paths, language, err } = context
  return inPreparedHome(context, async () => {
    const lock = acquireLock(stateLock(paths))
    if (!lock.ok) {
      err(text(language, 'backup.busy'))
      return EXIT.tryAgain
    }
    try {
      return await sweepLocked(context, limits, options)
    } catch (error) {
      err(text(language, 'data.unreadable', { reason: terminalSafe((error as Error).message) }))
      return EXIT.failed
    } finally {
      lock.release()
    }
  })
}

async function sweepLocked(context: CliContext, { rows, files }: Limits, options: ClearOptions): Promise<number> {
  const { paths, language, err } = context
  const before = total(context)
  const leftovers = findLeftovers(paths, files, Date.now())
  const counts = countRows(paths, rows)
  if (options.dryRun) return tell(context, { leftovers, counts, isDone: false, before, json: options.json === true })
  removeLeftovers(leftovers)
  const wanted = Object.values(counts).some((count) => count > 0)
  const isJson = options.json === true
  if (!wanted) return tell(context, { leftovers, counts, isDone: true, before, json: isJson })
  if (livingProcesses(paths).length > 0 && !options.restart)
    return askOwners(context, rows, { leftovers, before, json: isJson })
  const rested = await atRest(context, () => removeRows(paths, rows))
  if (!rested.ok) {
    err(text(language, 'restore.locked'))
    return EXIT.tryAgain
  }
  const { value, wasRunning } = rested
  if (!value.isPacked) err(text(language, 'data.notPacked'))
  const code = tell(context, { leftovers, counts: value.counts, isDone: true, before, json: isJson })
  return wasRunning ? start(Object.create(context, { out: { value: err } }), {}) : code
}

/** Whoever keeps a database writes it: what is freed in it is used again, and given back to the disk only at rest. */
async function askOwners(
  context: CliContext,
  rows: Cutoffs,
  told: Pick<Told, 'leftovers' | 'before' | 'json'>,
): Promise<number> {
  const { language, err, paths, home } = context
  const { counts, problems } = await askSweep(paths, rows)
  tell(context, { ...told, counts, isDone: true })
  for (const reason of problems) err(text(language, 'data.notRemoved', { reason: terminalSafe(reason) }))
  const command = printedCommand('data prune --restart', home)
  if (problems.length === 0) err(text(language, 'data.stillLarge', { command }))
  return problems.length === 0 ? EXIT.ok : EXIT.tryAgain
}

type Told = {
  readonly leftovers: readonly Leftover[]
  readonly counts: RowCounts
  readonly isDone: boolean
  readonly before: number
  readonly json: boolean
}

function tell(context: CliContext, { leftovers, counts, isDone, before, json }: Told): number {
  const { language, out } = context
  const after = total(context)
  const byArea = FILE_AREAS.flatMap((area) => {
    const own = leftovers.filter((one) => one.area === area)
    return own.length === 0 ? [] : [{ area, count: own.length, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) }]
  })
  const rows = (Object.entries(counts) as [RowArea, number][]).filter(([, count]) => count > 0)
  if (json) {
    out(JSON.stringify({ removed: isDone, files: byArea, rows: Object.fromEntries(rows), before, after }))
    return EXIT.ok
  }
  for (const [area, count] of rows)
    out(text(language, isDone ? 'data.wentRows' : 'data.wouldGoRows', { what: text(language, `data.${area}`), count }))
  for (const { area, count, bytes } of byArea)
    out(
      text(language, isDone ? 'data.went' : 'data.wouldGo', {
        what: text(language, `data.${area}`),
        ...{ count, size: sizeWords(bytes) },
      }),
    )
  if (rows.length + byArea.length === 0) out(text(language, 'data.nothing'))
  else if (isDone) out(text(language, 'data.before', { before: sizeWords(before), after: sizeWords(after) }))
  return EXIT.ok
}

function total({ paths }: CliContext): number {
  return Object.values(measureHome(paths)).reduce((sum, size) => sum + size, 0)
}
