/** `ottugi drill`: breaks a throw-away Ottugi on this machine on purpose, and shows how it stands up again. */
import type { Command } from 'commander'
import { type Drill, type DrillResult, runDrill } from '../../drill/drill.ts'
import { DRILLS } from '../../drill/drills.ts'
import { drillTable } from '../../drill/drillTable.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import type { CliContext } from '../context.ts'

type Options = { readonly json?: boolean; readonly list?: boolean; readonly times: string }

/** Adds `drill`. */
export function registerDrill(program: Command, context: CliContext): void {
  program
    .command('drill [faults...]')
    .description('break a throw-away Ottugi on purpose and see it stand up; your own is not touched')
    .option('--list', 'only say which faults there are')
    .option('--times <count>', 'how often each', '1')
    .option('--json', 'print JSON, one object a line')
    .action(async (faults: string[], options: Options) => context.exit(await drill(context, faults, options)))
}

/** Runs the drills named (all, where none is). Exits 1 when one failed; what cannot be run here is said in its row. */
export async function drill(context: CliContext, faults: readonly string[], options: Options): Promise<number> {
  const { out, err } = context
  if (options.list) {
    for (const { id, row, title } of DRILLS) out(`${id.padEnd(22)} ${String(row).padStart(2)}  ${title}`)
    return EXIT.ok
  }
  const unknown = faults.filter((fault) => !DRILLS.some(({ id }) => id === fault))
  const times = Number(options.times)
  if (unknown.length > 0 || !Number.isInteger(times) || times < 1) {
    err(
      unknown.length > 0
        ? `drill: unknown fault ${unknown.join(', ')}. List them with --list`
        : `drill: --times: expected a whole number above 0, got ${options.times}`,
    )
    return EXIT.usage
  }
  const chosen = DRILLS.filter(({ id }) => faults.length === 0 || faults.includes(id))
  const results = await runAll(context, chosen, times, options)
  if (!options.json) out(drillTable(results))
  return results.every(({ ok, notRun }) => ok || notRun !== null) ? EXIT.ok : EXIT.failed
}

async function runAll(
  { out, err }: CliContext,
  chosen: readonly Drill[],
  times: number,
  options: Options,
): Promise<DrillResult[]> {
  const results: DrillResult[] = []
  for (const one of chosen) {
    for (let turn = 0; turn < times; turn++) {
      err(`${one.id} …`)
      const result = await runDrill(one)
      results.push(result)
      if (options.json) out(JSON.stringify(result))
      else if (!result.ok) err(`  failed: ${result.note}`)
    }
  }
  return results
}
