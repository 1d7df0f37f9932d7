/** Dockerfile, compose.yaml and .dockerignore, read strictly: what a linter would say, and that they fit the program. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { looksSecret } from '../../src/shared/childEnvironment.ts'
import { defaultSettings, loadSettings } from '../../src/shared/config/load.ts'
import { appRoot } from '../../src/shared/paths.ts'

const read = (name: string) => readFileSync(join(appRoot, name), 'utf8')

type Instruction = { readonly verb: string; readonly rest: string }
type Stage = { readonly from: string; readonly instructions: readonly Instruction[] }

const VERBS = [
  ...['FROM', 'RUN', 'CMD', 'EXPOSE', 'ENV', 'COPY', 'ENTRYPOINT', 'VOLUME', 'USER', 'WORKDIR'],
  ...['ARG', 'STOPSIGNAL', 'HEALTHCHECK', 'LABEL', 'SHELL', 'ADD', 'ONBUILD', 'MAINTAINER'],
]

/** The instructions of a Dockerfile, one a line. */
function instructionsOf(text: string): Instruction[] {
  return text
    .replace(/^#.*\n/gm, '')
    .replace(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, verb = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? []
      return { verb, rest: rest.trim() }
    })
}

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const starts = instructions.flatMap(({ verb }, index) => (verb === 'FROM' ? [index] : []))
  return starts.map((start, index) => ({
    from: instructions[start]?.rest ?? '',
    instructions: instructions.slice(start + 1, starts[index + 1] ?? instructions.length),
  }))
}

const instructions = instructionsOf(read('Dockerfile'))
const stages = stagesOf(instructions)
const last = stages.at(-1) as Stage
const of = (stage: Stage, verb: string) =>
  stage.instructions.filter((found) => found.verb === verb).map(({ rest }) => rest)
const variables = Object.fromEntries(
  of(last, 'ENV').flatMap((rest) =>
    rest.split(/\s+/).map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]),
  ),
)

describe('the Dockerfile', () => {
  it('holds instructions that there are, written large, and a base of a named version each', () => {
    expect(instructions.map(({ verb }) => verb).filter((verb) => !VERBS.includes(verb))).toEqual([])
    for (const { from } of stages) expect(from).toMatch(/^[\w./-]+:\d[\w.-]*( AS \w+)?$/)
    expect(instructions.filter(({ verb }) => ['ADD', 'MAINTAINER', 'ONBUILD', 'SHELL'].includes(verb))).toEqual([])
  })

  it('installs packages without asking, without what is only recommended, and leaves no lists behind', () => {
    const installs = instructions.filter(({ rest }) => rest.includes('apt-get install'))
    expect(installs.length).toBeGreaterThan(0)
    for (const { rest } of installs) {
      expect(rest).toMatch(/^apt-get update && apt-get install --yes --no-install-recommends /)
      expect(rest).toContain('rm -rf /var/lib/apt/lists/*')
      const packages = /--no-install-recommends ([^&]+) &&/.exec(rest)?.[1]?.trim().split(/\s+/) ?? []
      expect(packages).toEqual(packages.toSorted())
    }
    // The pinned Node does not start without it.
    for (const stage of stages) expect(of(stage, 'RUN').join()).toContain('libatomic1')
  })

  it('installs what the lockfile says, and nothing for developers in the end', () => {
    const runs = instructions.filter(({ verb }) => verb === 'RUN').map(({ rest }) => rest)
    expect(runs.join('\n')).not.toMatch(/npm (install|i|update)\b|\bcurl\b|\bwget\b|\bsudo\b|--force/)
    expect(of(stages[0] as Stage, 'RUN').at(-1)).toMatch(/ && npm ci --omit=dev && chmod -R a\+rX \.$/)
  })

  it('copies what is there, and what is not kept out', () => {
    for (const stage of stages) {
      for (const rest of of(stage, 'COPY').filter((words) => !words.startsWith('--from='))) {
        for (const source of rest
          .split(/\s+/)
          .slice(0, -1)
          .filter((name) => name !== '.')) {
          expect([source, existsSync(join(appRoot, source)), isIgnored(source)]).toEqual([source, true, false])
        }
      }
    }
  })

  it('runs as a user that owns its home, is no root, and has a uid that does not change', () => {
    const user = of(last, 'USER').at(-1) ?? 'root'
    expect(user).not.toMatch(/^(root|0)/)
    const setup = of(last, 'RUN').join()
    expect(setup).toMatch(new RegExp(`useradd --uid \\d{5} --gid ${user} .*${user}\\b`))
    expect(setup).toContain(
      `install --directory --owner=${user} --group=${user} --mode=0700 ${variables['OTTUGI_HOME']}`,
    )
    expect(of(last, 'VOLUME')).toEqual([variables['OTTUGI_HOME']])
  })

  it('starts the program itself, without a shell between it and the signals', () => {
    const forms = [
      of(last, 'ENTRYPOINT'),
      of(last, 'CMD'),
      of(last, 'HEALTHCHECK').map((rest) => rest.replace(/^.* CMD /, '')),
    ]
    expect(forms.map((form) => form.map((json) => JSON.parse(json)))).toEqual([
      [['ottugi']],
      [['run-forever']],
      [['ottugi', 'health']],
    ])
    expect(variables['PATH']).toMatch(/^\/opt\/ottugi\/node_modules\/\.bin:/)
    expect(of(last, 'STOPSIGNAL')).toEqual(['SIGTERM'])
    for (const folder of instructions.filter(({ verb }) => verb === 'WORKDIR')) expect(folder.rest).toMatch(/^\//)
  })

  it('says no secret, and only settings that the program knows', () => {
    const names = [
      ...instructions.filter(({ verb }) => verb === 'ARG').map(({ rest }) => rest),
      ...Object.keys(variables),
    ]
    expect(names.filter(looksSecret)).toEqual([])
    expect(problemsOf(variables)).toEqual([])
    expect(of(last, 'EXPOSE')).toEqual([String(defaultSettings().dashboard.port)])
  })
})

/** What the settings in an environment lack, with a home that holds none. */
function problemsOf(environment: NodeJS.ProcessEnv): readonly unknown[] {
  const loaded = loadSettings({ settingsFile: '/nonexistent/ottugi.yaml', envFile: '/nonexistent/.env', environment })
  return loaded.ok ? [] : loaded.problems
}

/** Keys of the compose specification that are used here. */
const SERVICE_KEYS = [
  ...['build', 'image', 'restart', 'stop_grace_period', 'ports', 'volumes', 'environment', 'read_only', 'tmpfs'],
  ...['cap_drop', 'security_opt', 'pids_limit', 'mem_limit', 'logging'],
]

describe('compose.yaml', () => {
  const compose = parse(read('compose.yaml'), { strict: true, uniqueKeys: true })
  const service = compose.services.ottugi

  it('has the keys of the specification, and each value in its form', () => {
    expect(Object.keys(compose)).toEqual(['services', 'volumes'])
    expect(Object.keys(service).filter((key) => !SERVICE_KEYS.includes(key))).toEqual([])
    expect(service).toMatchObject({
      restart: 'unless-stopped',
      read_only: true,
      cap_drop: ['ALL'],
      pids_limit: expect.any(Number),
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
    })
  })

  it('publishes the dashboard to this machine alone', () => {
    const { port } = defaultSettings().dashboard
    expect(service.ports).toEqual([`127.0.0.1:${port}:${port}`])
  })

  it('keeps the home in a volume that it names', () => {
    const [name, target] = service.volumes[0].split(':')
    expect([Object.hasOwn(compose.volumes, name), target]).toEqual([true, variables['OTTUGI_HOME']])
  })

  it('waits longer than a stop takes, is closed to new privileges, and sets what the program knows', () => {
    expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(14 + 20)
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
    const names = Object.keys(service.environment)
    expect(names.filter(looksSecret)).toEqual([])
    expect(problemsOf({ ...variables, ...service.environment })).toEqual([])
  })
})

/** As Docker reads the file: the last line that fits decides. */
function isIgnored(path: string): boolean {
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return lines.reduce((ignored, line) => {
    const isKept = line.startsWith('!')
    return fits(path, isKept ? line.slice(1) : line) ? !isKept : ignored
  }, false)
}

/** A pattern fits a path, and everything below it; a star fits a dot as well. */
function fits(path: string, pattern: string): boolean {
  const source = pattern
    .replaceAll('.', '\\.')
    .replaceAll('**/', '(?:.+/)?')
    .replaceAll(/(?<![.+)])\*/g, '[^/]*')
  return new RegExp(`^${source}(/|$)`).test(path)
}

describe('.dockerignore', () => {
  it.each([
    ...[
      '.env',
      'src/.env',
      'data/agent.db',
      'pm2/pm2.pid',
      'logs/agent.jsonl',
      'workspace/note.md',
      'alerts/OPEN',
      'run/agent.json',
    ],
    ...[
      'node_modules/pm2/package.json',
      'dashboard/web/node_modules/x',
      '.git/config',
      'dashboard/dist/index.html',
      'test/a.ts',
    ],
  ])('keeps out %s', (path) => {
    expect(isIgnored(path)).toBe(true)
  })

  it.each([
    'src/cli/main.ts',
    'bin/ottugi',
    'dashboard/web/index.html',
    'scripts/buildDashboard.ts',
    'package-lock.json',
    '.npmrc',
  ])('lets in %s', (path) => {
    expect(isIgnored(path)).toBe(false)
  })
})
