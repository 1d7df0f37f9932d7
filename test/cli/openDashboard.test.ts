/** `ottugi dashboard`: who is led where, and what everybody on the machine can see of it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { registerDashboard } from '../../src/cli/commands/dashboard.ts'
import { createContext, processIo } from '../../src/cli/context.ts'
import { openerOf } from '../../src/cli/openBrowser.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { writeRuntimeFile } from '../../src/shared/runtimeFile.ts'
import { emptyFolder, newHome } from './command.ts'

const OURS = 'http://127.0.0.1:7711'

/** A desktop of which nothing is there but the program that opens files: it notes what it was given. */
function desktop(): { readonly PATH: string; readonly DISPLAY: string; readonly given: string } {
  const PATH = emptyFolder()
  const given = join(PATH, 'given')
  const opener = join(PATH, 'xdg-open')
  writeFileSync(opener, `#!/bin/sh\nprintf '%s' "$*" > '${given}.part' && /bin/mv '${given}.part' '${given}'\n`)
  chmodSync(opener, 0o755)
  return { PATH, DISPLAY: ':0', given }
}

/** Calls the command on a home whose dashboard runs: this very process. */
async function dashboard(words: readonly string[], environment: NodeJS.ProcessEnv, settings = '', isTerminal = true) {
  const paths = newHome()
  mkdirSync(paths.run, { recursive: true })
  writeFileSync(paths.settings, settings, { mode: 0o600 })
  const startedAt = new Date().toISOString()
  writeRuntimeFile(paths, { app: 'dashboard', url: OURS, version: '1', supervisorPid: 1, startedAt, notes: [] })
  const said: string[] = []
  const codes: number[] = []
  const io = { ...processIo(), environment, isTerminal, out: (line: string) => said.push(line) }
  const context = createContext({ home: paths.home }, { ...io, exit: (code) => codes.push(code) })
  const program = new Command()
  registerDashboard(program, context)
  await program.parseAsync(['dashboard', ...words], { from: 'user' })
  return { paths, said: said.join('\n'), codes }
}

it('opens the page signed in, through a file that nobody else may read', async () => {
  const { given, ...environment } = desktop()
  const { paths, said, codes } = await dashboard([], environment)
  await waitFor('the opener', 10_000, () => existsSync(given) || undefined)
  expect(readFileSync(given, 'utf8')).toBe(paths.dashboardDoor)
  const [link = ''] = /http:\S+/.exec(said) ?? []
  expect(link).toMatch(/\/login\?code=[\w-]{20,}$/)
  expect(readFileSync(paths.dashboardDoor, 'utf8')).toContain(`url=${link}"`)
  expect(statSync(paths.dashboardDoor).mode & 0o777).toBe(0o600)
  expect([said.startsWith('Opened in your browser'), codes]).toEqual([true, [0]])
})

it.each([
  ['--no-open', ['--no-open'], {}, true],
  ['--json', ['--json'], {}, true],
  ['an SSH connection', [], { SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 22' }, true],
  ['no desktop', [], { DISPLAY: '' }, true],
  ['no terminal', [], {}, false],
  ['no program that opens', [], { PATH: '/nowhere' }, true],
] as const)('only prints the link with %s', async (_, words, more, isTerminal) => {
  const { given, ...environment } = desktop()
  const { said, codes } = await dashboard(words, { ...environment, ...more }, '', isTerminal)
  expect([said.includes(`${OURS}/login?code=`), said.includes('Opened'), codes]).toEqual([true, false, [0]])
  expect(existsSync(given)).toBe(false)
})

it('names the address of the reverse proxy, where there is one', async () => {
  const settings = 'dashboard:\n  publicUrl: https://home.example.org\n  basePath: /ottugi\n'
  const { said } = await dashboard(['--json'], {}, settings)
  expect(JSON.parse(said)).toMatchObject({ url: OURS, publicUrl: 'https://home.example.org/ottugi' })
  expect((JSON.parse(said) as { loginUrl: string }).loginUrl).toMatch(/^https:\/\/home\.example\.org\/ottugi\/login\?/)
})

it('opens with the program of the system', () => {
  expect([openerOf({}, 'darwin'), openerOf({ WAYLAND_DISPLAY: 'w' }, 'linux')]).toEqual(['open', 'xdg-open'])
})
