/** Holds the structure: who may import whom, what loads before the packages do, how long a file may be, and that nothing lies about unused. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

/** Folder → what it may import beside itself. `guardian/preflight` is the one file of the guardian that the agent may see. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  model: ['shared'],
  alert: ['shared'],
  repair: ['shared'],
  guardian: ['shared', 'repair'],
  recovery: ['shared', 'model', 'repair'],
  watchdog: ['shared', 'alert'],
  agent: ['shared', 'model', 'guardian/preflight'],
  drill: ['shared'],
  service: ['shared', 'alert', 'repair', 'guardian', 'recovery'],
  // Bundled into one file that needs no package: whatever it imports must not need one either.
  rescue: ['shared', 'alert', 'repair', 'guardian/say'],
  // Before anything runs there is no agent to ask whether a key works.
  cli: ['shared', 'alert', 'repair', 'guardian', 'recovery', 'service', 'drill', 'model/tryKey'],
  dashboard: ['shared'],
}

/** Only these may reach the model provider's code, PM2 and the environment. */
const MAX_LINES = 250
const ENVIRONMENT_READERS = [
  'src/shared/entry.ts',
  'src/cli/context.ts',
  'src/guardian/main.ts',
  'src/recovery/main.ts',
  'src/alert/main.ts',
  'src/drill/injected.ts',
  'src/rescue/main.ts',
  // Clears what only Node itself needs, before a tool runs.
  'src/agent/sandbox/childWork.ts',
]
const ENTRY_POINTS = [
  'src/agent/main.ts',
  'src/watchdog/main.ts',
  'dashboard/server.ts',
  'src/agent/link/linkWorker.ts',
  'src/recovery/main.ts',
]
const PURE = [
  'src/service/update/hold.ts',
  'src/watchdog/step.ts',
  'src/watchdog/transitions.ts',
  'src/watchdog/context.ts',
  'src/watchdog/escalation.ts',
  'src/watchdog/restarting.ts',
  'src/agent/link/mainSilence.ts',
  'src/watchdog/judge.ts',
  'src/watchdog/notifyRule.ts',
  'src/watchdog/supervisorWatch.ts',
  'src/watchdog/dashboardWatch.ts',
  'src/watchdog/diskWatch.ts',
  'src/watchdog/metrics/healthWord.ts',
  'src/shared/metrics/seriesNames.ts',
  'src/shared/metrics/tiers.ts',
  'src/shared/metrics/bucket.ts',
  'src/shared/metrics/exposition.ts',
  'src/agent/link/watchTheWatchdog.ts',
  'src/repair/policy.ts',
  'src/agent/gates/place.ts',
  'src/agent/gates/ownerRules.ts',
  'src/agent/gates/shell/options.ts',
  'src/agent/gates/shell/git.ts',
  'src/agent/gates/shell/find.ts',
  'src/agent/gates/shell/unwrap.ts',
  'src/agent/gates/shell/wrappers.ts',
  'src/agent/gates/shell/programFacts.ts',
  'src/model/breaker.ts',
  'src/model/budget.ts',
  'src/model/routing.ts',
  'src/agent/health/growth.ts',
  'src/agent/runs/fold.ts',
  'src/agent/runs/next.ts',
  'src/agent/runs/turns.ts',
  'src/agent/runs/divergence.ts',
  'src/agent/runs/rerun.ts',
  'src/agent/tools/replaceIn.ts',
  'src/agent/tools/pageFacts.ts',
  'src/alert/severity.ts',
  'src/rescue/pace.ts',
  'src/service/containerRing.ts',
  'src/shared/config/providerTable.ts',
  'src/shared/config/providerModels.ts',
  'src/alert/quietHours.ts',
  'src/alert/deskGate.ts',
  'src/alert/deskState.ts',
  'src/alert/deskStep.ts',
  'src/alert/deskSettle.ts',
  'src/agent/schedule/policies.ts',
  'src/agent/context/assemble.ts',
  'src/agent/context/compaction.ts',
  'src/agent/context/conversation.ts',
  'src/agent/context/pieces.ts',
  'src/agent/context/systemPrompt.ts',
  'src/agent/context/tokenEstimate.ts',
  'src/agent/sessions/withoutTexts.ts',
  'src/cli/doctor/score.ts',
]
/** Pure functions of other modules that PURE files may use. */
const PURE_ELSEWHERE = ['src/shared/identity.ts#sameProcess']

type Import = {
  readonly from: string
  readonly specifier: string
  readonly names: readonly string[]
  readonly isType: boolean
  readonly isDynamic: boolean
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
}

const SOURCES = [...filesBelow('src'), ...filesBelow('dashboard')]
const OTHERS = [...filesBelow('test'), ...filesBelow('scripts')]

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

function importsOf(file: string): Import[] {
  const source = read(file)
  const statements = [...source.matchAll(/^(?:import|export)\s+(type\s+)?(?:([^;'"`()=]*?)\s*from\s+)?'([^']+)'/gm)]
  const dynamic = [...source.matchAll(/import\(\s*'([^']+)'\s*\)/g)]
  return [
    ...statements.map(([, type, names, specifier]) => ({
      from: file,
      specifier: specifier ?? '',
      names: namesIn(names ?? ''),
      isType: type !== undefined || onlyTypes(names ?? ''),
      isDynamic: false,
    })),
    ...dynamic.map(([, specifier]) => ({
      from: file,
      specifier: specifier ?? '',
      names: [],
      isType: false,
      isDynamic: true,
    })),
  ]
}

function namesIn(clause: string): string[] {
  return (/\{([^}]*)\}/.exec(clause)?.[1] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
}

function onlyTypes(clause: string): boolean {
  const names = namesIn(clause)
  return names.length > 0 && names.every((name) => name.startsWith('type '))
}

function targetOf({ from, specifier }: Import): string | undefined {
  return specifier.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(from), specifier)) : undefined
}

function folderOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'src' ? second : first
}

function isAllowed(importer: string, target: string): boolean {
  const own = folderOf(importer)
  const other = folderOf(target)
  const allowed = MAY_IMPORT[own] ?? []
  return (
    own === other ||
    allowed.includes(other) ||
    allowed.some((name) => name.includes('/') && target === `src/${name}.ts`)
  )
}

describe('who may import whom', () => {
  it.each(SOURCES)('%s', (file) => {
    const foreign = importsOf(file).flatMap((found) => {
      const target = targetOf(found)
      return target && !isAllowed(file, target) ? [target] : []
    })
    expect(foreign).toEqual([])
  })

  it('lets neither the watchdog nor the guardian near a model SDK', () => {
    const found = SOURCES.filter((file) =>
      ['watchdog', 'guardian', 'repair', 'alert', 'shared'].includes(folderOf(file)),
    ).flatMap((file) => importsOf(file).filter(({ specifier }) => /anthropic|openai/.test(specifier)))
    expect(found).toEqual([])
  })

  it('never imports PM2, and names it in one adapter only', () => {
    expect(
      [...SOURCES, ...OTHERS].flatMap((file) =>
        importsOf(file).filter(({ specifier }) => specifier === 'pm2' || specifier.startsWith('pm2/')),
      ),
    ).toEqual([])
    expect(SOURCES.filter((file) => read(file).includes("'pm2.pid'"))).toEqual(['src/shared/supervisor/pm2.ts'])
  })
})

describe('what runs when every package is missing', () => {
  it.each(ENTRY_POINTS)('%s loads node: built-ins only, until its start is on record', (entry) => {
    const seen = new Set<string>()
    const packages: string[] = []
    const visit = (file: string) => {
      if (seen.has(file)) return
      seen.add(file)
      for (const found of importsOf(file)) {
        if (found.isType || found.isDynamic) continue
        const target = targetOf(found)
        if (target) visit(target)
        else if (!found.specifier.startsWith('node:')) packages.push(`${file}: ${found.specifier}`)
      }
    }
    visit(entry)
    expect(packages).toEqual([])
  })
})

describe('the form of the house', () => {
  it.each(PURE)('%s is pure: types and other pure files only', (file) => {
    const impure = importsOf(file).flatMap((found) => {
      const target = targetOf(found)
      if (found.isType || (target && PURE.includes(target))) return []
      const names = found.names.filter(
        (name) => !name.startsWith('type ') && !PURE_ELSEWHERE.includes(`${target}#${name}`),
      )
      return names.length > 0 ? [`${found.specifier}: ${names.join(', ')}`] : []
    })
    expect(impure).toEqual([])
    expect(read(file)).not.toMatch(/Date\.now|new Date\(\)|Math\.random|process\.|await /)
  })

  it(`keeps every source file within ${MAX_LINES} lines`, () => {
    expect(SOURCES.filter((file) => read(file).split('\n').length > MAX_LINES + 1)).toEqual([])
  })

  it('reads the environment at the edges only', () => {
    const readers = SOURCES.filter((file) => /\bprocess\.env\b|\benv \} = process/.test(stripComments(read(file))))
    expect(readers.toSorted()).toEqual(ENVIRONMENT_READERS.toSorted())
  })

  it('starts no shell, but for the one tool that is a shell', () => {
    const shell =
      /shell:\s*true|\bexecSync\(|\bexec\(['"`]|\/bin\/(ba)?sh|program: '(ba|da|z)?sh'|spawn\(\s*['"`](ba|da|z)?sh['"`]/
    expect(SOURCES.filter((file) => shell.test(stripComments(read(file))))).toEqual(['src/agent/tools/shell.ts'])
  })

  it('has no names that say nothing', () => {
    expect(SOURCES.filter((file) => /(^|\/)(utils?|helpers?|managers?|common|index)(\/|\.ts$)/i.test(file))).toEqual([])
  })

  it('has named exports only, each with a sentence over it', () => {
    const bare = SOURCES.flatMap((file) =>
      [...read(file).matchAll(/^(.*)\n^export (?:async )?(?:function|const|type|class) (\w+)/gm)].flatMap(
        ([, before, name]) => (/\*\/\s*$|^\s*\/\/|^export type|^type /.test(before ?? '') ? [] : [`${file}: ${name}`]),
      ),
    )
    expect(SOURCES.filter((file) => /^export default/m.test(read(file)))).toEqual([])
    expect(bare.length).toBeLessThanOrEqual(BARE_EXPORTS_LEFT)
  })
})

/** Exports whose name says it all; the number may only fall. */
const BARE_EXPORTS_LEFT = 60

describe('dead code', () => {
  it('every export of the product is used by another of its files', () => {
    const all = [...SOURCES, ...OTHERS, 'vitest.config.ts']
    const texts = new Map(all.map((file) => [file, read(file)]))
    const unused = SOURCES.flatMap((file) =>
      [...(texts.get(file) ?? '').matchAll(/^export (?:async )?(?:function|const|type|class) (\w+)/gm)].flatMap(
        ([, name]) => {
          const word = new RegExp(`\\b${name}\\b`)
          const isUsedHere = ((texts.get(file) ?? '').match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length > 1
          const isUsed = isUsedHere || all.some((other) => other !== file && word.test(texts.get(other) ?? ''))
          return isUsed ? [] : [`${file}: ${name}`]
        },
      ),
    )
    expect(unused).toEqual([])
  })
})

function stripComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
