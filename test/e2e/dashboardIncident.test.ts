/** The page in a bad moment: an incident watched live; the agent, the watchdog, both, or the dashboard itself gone. A whole ring, a real browser. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { AppName } from '../../src/shared/paths.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { ask, chatThrough } from './browserDeeds.ts'
import { LIMIT_MS, openStage, type Stage, shown, untilHealthy } from './browserStage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
}, 300_000)
afterEach(() => stage?.closeWindows())
afterAll(async () => {
  expect(await stage?.close()).toEqual([])
})

/** What the browser says of a server that is not there is none of our errors. */
const own = (problems: readonly string[]) => problems.filter((problem) => !/net::ERR_|status of 50[23]/.test(problem))
const header = (page: Page) => page.getByRole('banner')

function signal(app: AppName, name: NodeJS.Signals): void {
  process.kill(stage.ring.living(app)?.pid ?? 0, name)
}

async function another(app: AppName, than: string | undefined): Promise<void> {
  await waitFor(`another ${app}`, LIMIT_MS, () => {
    const living = stage.ring.living(app)
    return living && living.nonce !== than && (app === 'watchdog' || living.url) ? true : undefined
  })
}

it('follows an incident from the kill to healed, without a click', async () => {
  const { ring } = stage
  await untilHealthy(ring)
  const { page, problems } = await stage.visit('/')
  await shown(page, 'Overview')
  await page.getByText('No incident so far.').waitFor()
  await header(page).getByText('Live', { exact: true }).waitFor()
  const before = ring.living('agent')
  signal('agent', 'SIGKILL')
  await ring.nextAgent(before, LIMIT_MS)
  const [incident] = await ring.closedIncidents(1, LIMIT_MS)
  const line = page.getByRole('link', { name: new RegExp(incident?.id ?? '?') }).first()
  await line.waitFor()
  await page.getByText('1 of 1').waitFor()
  await page.getByText(/Last healed \d\d:\d\d/).waitFor()
  await header(page).getByText('Healthy').waitFor()
  await line.click()
  await page.locator('.story li').first().waitFor()
  await page.getByText('Healed', { exact: true }).first().waitFor()
  await page.getByText('Repair journal').waitFor()
  expect(own(problems)).toEqual([])
})

it('stays up while the agent is down, and says what it cannot know', async () => {
  const { ring } = stage
  await untilHealthy(ring)
  const { page, problems } = await stage.visit('/')
  await shown(page, 'Overview')
  // Nobody mends it meanwhile: the agent stays down as long as we look.
  expect((await ring.ottugi('maintenance', 'on', '--for', '10m')).code).toBe(0)
  await header(page).getByText('In maintenance').waitFor()
  const before = ring.living('agent')
  expect((await pm2('stop', 'agent')).code).toBe(0)
  await page.goto(stage.url('/tools'))
  await page.getByText('The agent does not answer').first().waitFor()
  await page.goto(stage.url('/sessions'))
  await shown(page, 'Sessions')
  await page.goto(stage.url('/costs'))
  await shown(page, 'Costs')
  expect((await ring.ottugi('maintenance', 'off')).code).toBe(0)
  await ring.nextAgent(before, LIMIT_MS)
  await untilHealthy(ring)
  expect(own(problems)).toEqual([])
})
