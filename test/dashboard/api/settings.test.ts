/** The settings through the dashboard: seen with their sources and without secrets, changed with everything checked before, and never those of the owner. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SettingsCheck, SettingsView } from '../../../dashboard/contractViews.ts'
import { movedOwnerKeys } from '../../../src/shared/config/changes.ts'
import { settingKeys } from '../../../src/shared/config/keys.ts'
import { type ActionServer, actionHome, removeHome, startActions } from './actionServer.ts'

const SECRET = 'sk-ant-api03-this-must-stay-where-it-is-0123456789'
const YAML = `# mine
language: en
model: # which
  maxTokens: 700 # a call
watchdog:
  maxRestarts: 4
`

let server: ActionServer
beforeEach(async () => {
  const paths = actionHome()
  writeFileSync(paths.settings, YAML, { mode: 0o640 })
  // The mode of a new file passes through the umask.
  chmodSync(paths.settings, 0o640)
  server = await startActions(paths, { env: `ANTHROPIC_API_KEY=${SECRET}\nOTTUGI_LOGS__LEVEL=warn\n` })
})
afterEach(async () => {
  await server.close()
  expect(server.bugs).toEqual([])
  removeHome(server.paths)
})

const view = async () => (await server.ask('read', '/api/settings')).body as SettingsView
const row = (settings: SettingsView, key: string) => settings.rows.find((one) => one.key === key)
const text = () => readFileSync(server.paths.settings, 'utf8')

async function send(path: string, body: unknown): Promise<SettingsCheck> {
  const { status, body: answer } = await server.ask('admin', path, { body })
  expect(status).toBe(200)
  return answer as SettingsCheck
}
const check = (changes: object) => send('/api/settings/check', { changes })
const save = (changes: object, more: object = {}) => send('/api/settings', { changes, ...more })

it('shows every setting with its source, and secrets by their names only', async () => {
  const settings = await view()
  expect(settings).toMatchObject({ valid: true, problems: [], text: YAML, canRollBack: false })
  expect(row(settings, 'model.maxTokens')).toMatchObject({ value: 700, from: 'file', ownerOnly: false })
  expect(row(settings, 'logs.level')).toMatchObject({ value: 'warn', from: 'env-file' })
  expect(row(settings, 'agent.port')).toMatchObject({ value: 7710, from: 'default' })
  expect(row(settings, 'dashboard.host')).toMatchObject({ ownerOnly: true, isSecret: false })
  expect(row(settings, 'ANTHROPIC_API_KEY')).toMatchObject({ isSecret: true, ownerOnly: true, value: '[masked]' })
  expect(settingKeys().filter(({ key }) => !row(settings, key))).toEqual([])
  expect(JSON.stringify(settings)).not.toContain(SECRET)
})

it('masks a secret that somebody wrote into the settings by mistake', async () => {
  writeFileSync(server.paths.settings, `model: { name: "${SECRET}" }\n`)
  const settings = await view()
  expect(JSON.stringify(settings)).not.toContain(SECRET)
  expect(row(settings, 'model.name')).toMatchObject({ isSecret: true })
  expect(JSON.stringify(await check({ 'model.name': 'm' }))).not.toContain(SECRET)
})

it('shows the difference before, saves it with all comments, and keeps the mode of the file', async () => {
  const changes = { 'model.maxTokens': 900, 'watchdog.maxRestarts': null, 'logs.maxFiles': 3 }
  const checked = await check(changes)
  expect(checked).toMatchObject({ problems: [], saved: false })
  expect(checked.diff).toContain('-  maxTokens: 700 # a call\n+  maxTokens: 900 # a call')
  expect(text()).toBe(YAML)
  const saved = await save(changes, { base: checked.base })
  expect(saved).toMatchObject({ problems: [], saved: true, diff: checked.diff })
  expect(text()).toContain('# mine\nlanguage: en\nmodel: # which\n  maxTokens: 900 # a call\n')
  expect(text()).not.toContain('maxRestarts')
  expect((statSync(server.paths.settings).mode & 0o777).toString(8)).toBe('640')
  expect(row(await view(), 'logs.maxFiles')).toMatchObject({ value: 3, from: 'file' })
  expect(server.audits).toMatchObject([{ action: 'settings', args: { keys: Object.keys(changes) }, done: true }])
  expect(JSON.stringify(server.audits)).not.toContain('900')
  expect(readdirSync(server.paths.home).filter((name) => name.startsWith('ottugi.yaml'))).toEqual(['ottugi.yaml'])
})

it('saves nothing where anything is wrong, and says all of it in words', async () => {
  const { problems, saved } = await save({ 'model.maxTokens': 'much', 'watchdog.maxRestarts': -1 })
  expect(saved).toBe(false)
  expect(problems.length).toBe(2)
  expect(problems.join(' ')).toMatch(/maxTokens.*maxRestarts|maxRestarts.*maxTokens/s)
  expect(await save({ 'model.maxTokenss': 1, constructor: 1, 'model.constructor': 1 })).toMatchObject({
    problems: [expect.stringContaining('model.maxTokenss'), expect.any(String), expect.any(String)],
  })
  expect(await save({ model: { maxTokens: 100 } })).toMatchObject({ saved: false, problems: [expect.any(String)] })
  expect(text()).toBe(YAML)
})

it('refuses every setting of the owner alone, and says how it is changed', async () => {
  for (const { key, default: value } of settingKeys().filter(({ ownerOnly }) => ownerOnly)) {
    const { problems, saved } = await save({ [key]: value })
    expect([saved, problems]).toEqual([false, [expect.stringContaining(`config set ${key}`)]])
  }
  expect(text()).toBe(YAML)
})

it('sees a setting of the owner that another change would move by a detour', () => {
  expect(movedOwnerKeys('dashboard: { host: a }', 'dashboard: { host: b }')).toEqual(['dashboard.host'])
  expect(movedOwnerKeys('dashboard: { host: a }', 'dashboard: { port: 1 }')).toEqual(['dashboard.host'])
  expect(movedOwnerKeys('dashboard: { host: a }', 'dashboard: { host: a, port: 1 }')).toEqual([])
})

it('refuses a save for a text that is another one by now, and saves nothing twice', async () => {
  const { base } = await check({ 'model.maxTokens': 900 })
  writeFileSync(server.paths.settings, YAML.replace('700', '800'))
  const raced = await save({ 'model.maxTokens': 900 }, { base })
  expect(raced).toMatchObject({ saved: false, problems: [expect.stringContaining('somebody else')] })
  expect(text()).toContain('maxTokens: 800')
  expect(await save({ 'model.maxTokens': 800 })).toMatchObject({ saved: false, diff: '', problems: [] })
})

it('says where a variable goes before the file', async () => {
  const { notes, saved } = await save({ 'logs.level': 'debug' })
  expect({ notes, saved }).toEqual({ saved: true, notes: [expect.stringContaining('OTTUGI_LOGS__LEVEL')] })
})

it('shows broken settings as far as they can be read, and lets them be mended', async () => {
  writeFileSync(server.paths.settings, 'model:\n  maxTokens: much\n')
  const broken = await view()
  expect(broken).toMatchObject({ valid: false, problems: [expect.stringContaining('maxTokens')] })
  expect(row(broken, 'model.maxTokens')).toMatchObject({ value: 'much', from: 'file' })
  expect(await save({ 'model.maxTokens': 300 })).toMatchObject({ saved: true })
  expect((await view()).valid).toBe(true)
  writeFileSync(server.paths.settings, 'budget: [\n')
  expect(await view()).toMatchObject({ valid: false, text: 'budget: [\n' })
  expect(await save({ 'model.maxTokens': 300 })).toMatchObject({ saved: false, problems: [expect.any(String)] })
})

it('knows whether there is something to go back to', async () => {
  mkdirSync(server.paths.knownGood)
  const file = join(server.paths.knownGood, 'known-good.json')
  writeFileSync(file, JSON.stringify({ settingsText: YAML, settingsHash: 'h' }))
  expect((await view()).canRollBack).toBe(false)
  writeFileSync(file, JSON.stringify({ settingsText: `${YAML}# older\n`, settingsHash: 'h' }))
  expect((await view()).canRollBack).toBe(true)
  writeFileSync(file, '{"settingsText":')
  expect((await view()).canRollBack).toBe(false)
})

it('lets only an admin change, and anybody with a token see', async () => {
  for (const path of ['/api/settings', '/api/settings/check']) {
    expect((await server.ask('approve', path, { body: { changes: {} } })).status).toBe(403)
  }
  expect((await server.ask('chat', '/api/settings')).status).toBe(200)
  expect((await server.ask('admin', '/api/settings', { body: { changes: [] } })).status).toBe(400)
  expect((await server.ask('admin', '/api/settings', { body: { changes: {}, force: true } })).status).toBe(400)
})
