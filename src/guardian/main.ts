/**
 * The guardian as a command: `check`, `repair` (with `--json`, and `--fault` for the record), `make-room`, `safe-mode on` and `off`,
 * `roll-back-settings`, `save-known-good`, `finish`.
 * The home comes from `--home`, else OTTUGI_HOME. It starts with node: built-ins alone: mending missing packages is one of its jobs.
 * The last line on stdout is one JSON object where `--json` was given; exit 0 means that the agent may be started.
 */
import { parseArgs } from 'node:util'
import { EXIT } from '../shared/exitCodes.ts'
import { appRoot, findHome, homePaths } from '../shared/paths.ts'
import type { LongRunResult } from './longRun.ts'

const USAGE =
  'usage: guardian/main.ts check|repair|make-room|safe-mode on,off|roll-back-settings|save-known-good|finish [--home FOLDER] [--json] [--fault WORD]\n'

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { home: { type: 'string' }, json: { type: 'boolean' }, fault: { type: 'string' } },
  })
  const environment = process.env
  const paths = homePaths(findHome(values.home, environment))
  const input = { paths, environment }
  const renewRescue = async () => {
    const { readRescueNote, saveRescue } = await import('../shared/rescueFolder.ts')
    const { programElsewhere } = await import('../shared/programOf.ts')
    // Only where a service starts through it. Who was called by a version that has been taken back meanwhile leaves it to the one in force.
    if (readRescueNote(paths) && !programElsewhere(paths.home)) saveRescue(paths, appRoot, new Date().toISOString())
  }
  switch (positionals[0]) {
    case 'check': {
      const { examine } = await import('./examine.ts')
      const { isGoodNews } = await import('./check.ts')
      const findings = (await examine(input)).findings.filter((finding) => !isGoodNews(finding))
      return report(
        { ok: !findings.some(({ severity }) => severity === 'fail'), repairs: [], findings },
        values.json === true,
      )
    }
    case 'repair': {
      const { repair } = await import('./longRun.ts')
      return report(await repair(input), values.json === true)
    }
    case 'make-room': {
      const { makeRoom } = await import('./longRun.ts')
      return report(await makeRoom(input), values.json === true)
    }
    case 'safe-mode': {
      const { setSafeMode } = await import('./safeModeWish.ts')
      const set = await setSafeMode(input, positionals[1])
      process.stdout.write(`${JSON.stringify(set)}\n`)
      return set.ok ? EXIT.ok : EXIT.failed
    }
    case 'roll-back-settings': {
      const { rollBackSettings } = await import('./settingsWish.ts')
      const back = await rollBackSettings(input)
      process.stdout.write(`${JSON.stringify(back)}\n`)
      return back.ok ? EXIT.ok : EXIT.failed
    }
    case 'save-known-good': {
      const { saveKnownGood } = await import('./knowngood.ts')
      const saved = await saveKnownGood({ ...input, appRoot })
      if (saved.ok) await renewRescue()
      process.stdout.write(`${JSON.stringify(saved)}\n`)
      return saved.ok ? EXIT.ok : EXIT.failed
    }
    case 'finish': {
      const { finishInterrupted } = await import('../repair/execute.ts')
      const finished = await finishInterrupted({ paths, environment })
      process.stdout.write(`${JSON.stringify(finished)}\n`)
      return finished.ok ? EXIT.ok : EXIT.tryAgain
    }
    default:
      process.stderr.write(USAGE)
      return EXIT.usage
  }
}

function report(result: LongRunResult, asJson: boolean): number {
  if (asJson) process.stdout.write(`${JSON.stringify(result)}\n`)
  else process.stdout.write(asText(result))
  return result.ok ? EXIT.ok : EXIT.failed
}

function asText({ repairs, findings, human }: LongRunResult): string {
  const done = repairs.map(({ action, ok, note }) => `${ok ? 'repaired' : 'not repaired'} ${action}: ${note}\n`)
  const found = findings.map(({ severity, check, what }) => `${severity} ${check}: ${what}\n`)
  return [...done, ...found, human ? `→ ${human}\n` : ''].join('') || 'ok\n'
}

process.umask(0o077)
try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`guardian: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = EXIT.failed
}
