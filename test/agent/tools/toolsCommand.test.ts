/** `ottugi tools` against the route of the agent, in a process of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { toolsRoute } from '../../../src/agent/http/toolRoutes.ts'
import { TOOLS } from '../../../src/agent/tools/table.ts'
import { type HomePaths, homePaths } from '../../../src/shared/paths.ts'
import { writeRuntimeFile } from '../../../src/shared/runtimeFile.ts'
import { call } from '../../cli/command.ts'

const PROGRAMS = ['shell', 'run_python', 'run_node']
let paths: HomePaths
let server: Server

beforeAll(async () => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-tools-')))
  mkdirSync(paths.run, { recursive: true })
  writeFileSync(paths.env, `OTTUGI_TOKEN=${'a'.repeat(43)}\n`, { mode: 0o600 })
  const available = () => TOOLS.map(({ name }) => name).filter((name) => !PROGRAMS.includes(name))
  const app = express().get('/api/tools', toolsRoute({ tools: TOOLS, available, whyOff: () => 'bwrap: not found' }))
  server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(paths.home, { recursive: true, force: true })
})

const ottugi = (words: readonly string[], environment = {}) => call([...words, '--home', paths.home], { environment })

it('says that nobody is there to tell', async () => {
  expect(await ottugi(['tools'])).toMatchObject({ code: 69, out: '' })
})

it('lists every tool with its state, and shows one', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeRuntimeFile(paths, { app: 'agent', url, version: '1', supervisorPid: 0, startedAt: '', notes: [] })
  const [plain, json, shown, unknown, korean] = [
    await ottugi(['tools']),
    await ottugi(['tools', 'list', '--json']),
    await ottugi(['tools', 'show', 'shell']),
    await ottugi(['tools', 'show', 'nothing']),
    await ottugi(['tools', 'show', 'note'], { LANG: 'ko_KR.UTF-8' }),
  ]
  expect(plain.code).toBe(0)
  expect(plain.out).toMatch(/^read_file +0, looks +run again +on$/m)
  expect(plain.out).toMatch(/^shell +2, runs programs or asks the network +never run again +off$/m)
  expect(plain.out).toContain('Some tools are off (shell, run_python, run_node): bwrap: not found. What helps: ')
  const tools = JSON.parse(json.out).tools as { name: string; isOn: boolean }[]
  expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name))
  expect(tools.filter(({ isOn }) => !isOn).map(({ name }) => name)).toEqual(PROGRAMS)
  expect(shown.out).toContain('It is off: bwrap: not found.\n')
  expect(shown.out).toContain('Runs in the sandbox.\nLongest run: 120 s.')
  expect(shown.out).toContain('Arguments: command, cwd')
  expect(unknown).toMatchObject({ code: 1, out: '' })
  expect(korean.out).toContain('샌드박스에서 실행합니다.')
})
