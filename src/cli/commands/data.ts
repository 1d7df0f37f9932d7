/** `ottugi data`: what has piled up, and clearing it. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { FILE_AREAS, measureHome } from '../../service/data/files.ts'
import { readDiskRoom } from '../../shared/diskRoom.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { ROW_AREAS } from '../../shared/retention/rows.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { sizeWords } from '../sizeWords.ts'

/** How data is cleared. */
export type ClearOptions = {
  readonly dryRun?: boolean
  readonly restart?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** Adds `data`. What changes something is loaded when it is called. */
export function registerData(program: Command, context: CliContext): void {
  const { language } = context
  const json = ['--json', text(language, 'cli.optJson')] as const
  const dryRun = ['--dry-run', text(language, 'cli.dataDryRun')] as const
  const restart = ['--restart', text(language, 'cli.dataRestart')] as const
  const data = program.command('data').description(text(language, 'cli.data'))
  data
    .command('stats', { isDefault: true })
    .description(text(language, 'cli.dataStats'))
    .option(...json)
    .action((options: { json?: boolean }) => context.exit(stats(context, options)))
  data
    .command('prune')
    .description(text(language, 'cli.dataPrune'))
    .option(...dryRun)
    .option(...restart)
    .option(...json)
    .action(async (options: ClearOptions) => {
      const { prune } = await import('./dataClear.ts')
      context.exit(await prune(context, options))
    })
  data
    .command('clear <areas...>')
    .description(text(language, 'cli.dataClear', { areas: [...ROW_AREAS, ...FILE_AREAS].join(', ') }))
    .option(...dryRun)
    .option(...restart)
    .option('--yes', text(language, 'cli.optYes'))
    .option(...json)
    .action(async (areas: string[], options: ClearOptions) => {
      const { clear } = await import('./dataClear.ts')
      context.exit(await clear(context, areas, options))
    })
}

/** `data stats`. */
export function stats({ paths, language, out }: CliContext, options: { readonly json?: boolean }): number {
  const sizes = measureHome(paths)
  const freeBytes = existsSync(paths.home) ? readDiskRoom(paths.home).freeBytes : null
  if (options.json) {
    out(JSON.stringify({ ...sizes, freeBytes }))
    return EXIT.ok
  }
  const names = Object.keys(sizes) as (keyof typeof sizes)[]
  const rows = names.map((name) => [text(language, `data.${name}`), sizeWords(sizes[name])])
  const free = freeBytes === null ? [] : [[text(language, 'data.free'), sizeWords(freeBytes)]]
  for (const row of alignRows([...rows, ...free])) out(row)
  return EXIT.ok
}
