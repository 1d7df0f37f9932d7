/** What a person changes in the page: settings and back, maintenance and back, a fire drill; and the logs that say so. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { waitFor } from '../../src/drill/waitFor.ts'
import { monotonicMs } from '../../src/shared/clock.ts'
import { readMaintenance } from '../../src/shared/maintenance.ts'
import { axe, LIMIT_MS, openStage, type Stage, shown, untilHealthy } from './browserStage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage({ guardian: { knownGoodAfterMs: 1_000 } })
}, 300_000)
afterEach(() => stage?.closeWindows())
afterAll(async () => {
  expect(await stage?.close()).toEqual([])
})

const settings = () => readFileSync(stage.ring.paths.settings, 'utf8')
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function confirm(page: Page, name: string): Promise<void> {
  await page.locator('.control').getByRole('button', { name, exact: true }).click()
  await page
    .getByRole('dialog', { name: `${name}?` })
    .getByRole('button', { name, exact: true })
    .click()
}

it('edits a setting: refuses what is wrong, shows the difference, saves it, and rolls it back', async () => {
  const before = settings()
  const { knownGood } = stage.ring.paths
  await waitFor('known good settings', LIMIT_MS, () => existsSync(join(knownGood, 'known-good.json')) || undefined)
  const { page, problems } = await stage.visit('/settings')
  await shown(page, 'Settings')
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('language')
  const note = async (value: string) => {
    await page.getByRole('button', { name: 'Edit language', exact: true }).click()
    await page.getByLabel('New value').fill(value)
    await button(page, 'Note the change').click()
    await button(page, 'Look at the difference').click()
    return page.getByRole('dialog', { name: 'Save this to the settings file?' })
  }
  const wrong = await note('klingon')
  await wrong.getByText('This cannot be saved:').waitFor()
  expect(await wrong.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  await wrong.getByRole('button', { name: 'Cancel' }).click()
  const right = await note('auto')
  await right.getByText('added:').first().waitFor()
  await right.getByText('language: auto').waitFor()
  expect(settings()).toBe(before)
  expect(await axe(page)).toEqual([])
  await right.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings were saved.').waitFor()
  expect(settings()).toContain('language: auto')
  await confirm(page, 'Roll back the settings')
  await waitFor('the settings of before', LIMIT_MS, () => (settings() === before ? true : undefined))
  expect(problems).toEqual([])
})

it('shows what only a terminal may change, without a way to change it', async () => {
  const { page } = await stage.visit('/settings')
  await shown(page, 'Settings')
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('gates.mode')
  await page.getByText('ottugi config set gates.mode <value>').waitFor()
  expect(await page.getByRole('button', { name: 'Edit gates.mode' }).count()).toBe(0)
})

it('begins maintenance for the time that was typed, says so, and undoes it', async () => {
  const { page } = await stage.visit('/settings')
  await shown(page, 'Settings')
  await page.locator('.control').getByRole('button', { name: 'Begin maintenance', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Begin maintenance?' })
  await dialog.getByLabel(/^Minutes/).fill('5')
  await dialog.getByLabel(/^Reason/).fill('new disk')
  await dialog.getByRole('button', { name: 'Begin maintenance' }).click()
  await page.getByRole('banner').getByText('In maintenance').waitFor()
  expect(readMaintenance(stage.ring.paths, monotonicMs())).toMatchObject({ reason: 'new disk' })
  await button(page, 'Undo').click()
  await page.getByRole('banner').getByText('Healthy').waitFor()
  expect(readMaintenance(stage.ring.paths, monotonicMs())).toBe(undefined)
})

it('holds a fire drill: another agent, and an incident that says it was one', async () => {
  await untilHealthy(stage.ring)
  const before = stage.ring.living('agent')
  const { page } = await stage.visit('/settings')
  await shown(page, 'Settings')
  await confirm(page, 'Run a fire drill')
  await stage.ring.nextAgent(before, LIMIT_MS)
  const [incident] = await stage.ring.closedIncidents(1, LIMIT_MS)
  await page.goto(stage.url(`/incidents/${incident?.id}`))
  await page.locator('.story').getByText(/drill/).first().waitFor()
  await page.getByText('Healed', { exact: true }).first().waitFor()
})

it('enters safe mode, in which the chat says why nothing is answered, and leaves it', async () => {
  await untilHealthy(stage.ring)
  const before = stage.ring.living('agent')
  const { page } = await stage.visit('/settings')
  await shown(page, 'Settings')
  await confirm(page, 'Enter safe mode')
  const bare = await stage.ring.nextAgent(before, LIMIT_MS)
  await page.goto(stage.url('/chat'))
  await shown(page, 'Chat')
  await page.getByLabel('Message to the agent').fill('are you there?')
  await page.keyboard.press('Enter')
  await page
    .getByRole('log')
    .getByText(/safe mode/i)
    .first()
    .waitFor()
  await page.goto(stage.url('/settings'))
  await shown(page, 'Settings')
  await confirm(page, 'Leave safe mode')
  await stage.ring.nextAgent(bare, LIMIT_MS)
  await untilHealthy(stage.ring)
})

it('finds lines in the logs by program, level and words', async () => {
  const { page, problems } = await stage.visit('/logs')
  await shown(page, 'Logs')
  const lines = page.getByRole('list', { name: 'Lines, newest first' }).getByRole('listitem')
  await page.getByLabel('Program').selectOption('watchdog')
  await expect
    .poll(async () => [...new Set(await page.locator('.log-app').allTextContents())], { timeout: LIMIT_MS })
    .toEqual(['watchdog'])
  await page.getByLabel('At least').selectOption('warn')
  await expect
    .poll(async () => (await page.locator('.log-lines .status').allTextContents()).filter((word) => word === 'info'), {
      timeout: LIMIT_MS,
    })
    .toEqual([])
  await page.getByLabel('Program').selectOption('')
  await page.getByLabel('At least').selectOption('trace')
  await page.getByRole('searchbox', { name: 'Text' }).fill('nothing says this anywhere')
  await page.getByText('No line fits.').waitFor()
  await page.getByRole('searchbox', { name: 'Text' }).fill('ready')
  await lines.first().locator('summary').click()
  await page.getByText('Raw line').waitFor()
  expect(problems).toEqual([])
})
