/** The page in a bad moment: an incident watched live; the agent, the watchdog, both, or the dashboard itself gone. A whole ring, a real browser. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { waitFor } from '../../src/drill/waitFor.ts'
import type { AppName } from '../../src/shared/paths.ts'
import { chatThrough } from './browserDeeds.ts'
import { askAsOwner, LIMIT_MS, openStage, type Stage, shown, untilHealthy } from './browserStage.ts'

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
const said = (page: Page, words: string) => header(page).getByText(words, { exact: true }).waitFor()

function send(signal: NodeJS.Signals, ...members: (AppName | 'supervisor')[]): void {
  for (const member of members) {
    const pid = member === 'supervisor' ? stage.ring.supervisorPid() : stage.ring.living(member)?.pid
    if (!pid) throw new Error(`there is no ${member} to send ${signal} to`)
    process.kill(pid, signal)
  }
}

it('follows an incident from the kill to healed, without a click', async () => {
  const { ring } = stage
  const { page, problems } = await stage.visit('/')
  await shown(page, 'Overview')
  await page.getByText('No incident so far.').waitFor()
  await said(page, 'Live')
  const before = ring.living('agent')
  send('SIGKILL', 'agent')
  await ring.nextAgent(before, LIMIT_MS)
  const [incident] = await ring.closedIncidents(1, LIMIT_MS)
  const line = page.locator(`main a[href$="/incidents/${incident?.id}"]`).first()
  await line.waitFor()
  await page.getByText('1 of 1', { exact: true }).waitFor()
  await page.getByText(/Last healed \d\d:\d\d/).waitFor()
  await said(page, 'Healthy')
  await line.click()
  await page.locator('.story li').first().waitFor()
  await page.getByText('Healed', { exact: true }).first().waitFor()
  expect(own(problems)).toEqual([])
})

it('stays up while the agent is down, then the watchdog too, and says what it cannot know', async () => {
  const { ring } = stage
  await untilHealthy(ring)
  const before = ring.living('agent')
  const { page, problems } = await stage.visit('/')
  await shown(page, 'Overview')
  // Who would mend it is held still, so that it stays as long as we look.
  send('SIGSTOP', 'watchdog', 'supervisor')
  send('SIGKILL', 'agent')
  await page.goto(stage.url('/tools'))
  await page
    .getByText(/The agent does not answer/)
    .first()
    .waitFor()
  for (const [path, title] of Object.entries({ sessions: 'Sessions', costs: 'Costs', settings: 'Settings' })) {
    await page.goto(stage.url(`/${path}`))
    await shown(page, title)
  }
  send('SIGKILL', 'watchdog')
  await page.goto(stage.url('/'))
  await said(page, 'Unknown')
  await page.getByText(/nobody watches/).waitFor()
  await page.getByText('Last incidents').waitFor()
  send('SIGCONT', 'supervisor')
  await ring.nextAgent(before, LIMIT_MS)
  await untilHealthy(ring)
  await said(page, 'Healthy')
  await page.getByText(/nobody watches/).waitFor({ state: 'detached' })
  expect(own(problems)).toEqual([])
})

it('says that nobody watches while only the watchdog is gone', async () => {
  const { ring } = stage
  await untilHealthy(ring)
  const { page } = await stage.visit('/')
  await shown(page, 'Overview')
  // The agent would revive it.
  send('SIGSTOP', 'watchdog', 'supervisor', 'agent')
  send('SIGKILL', 'watchdog')
  await said(page, 'Unknown')
  await page.getByText(/nobody watches/).waitFor()
  send('SIGCONT', 'agent', 'supervisor')
  await untilHealthy(ring)
  await said(page, 'Healthy')
})

it('comes back after the dashboard was killed: nothing of a conversation is missed, nothing stands there twice', async () => {
  const { ring, provider } = stage
  await untilHealthy(ring)
  provider.setScript({ do: 'echo' })
  await chatThrough(stage, { session: 'kept', message: 'the first', id: 'kept-1' })
  const { page, problems } = await stage.visit('/sessions/kept')
  await page.getByText('echo: the first').first().waitFor()
  await said(page, 'Live')
  const dashboard = ring.living('dashboard')
  // Who would start another one is held still: somebody talks on with the agent itself while there is none, and the page has to catch up.
  send('SIGSTOP', 'supervisor', 'watchdog')
  send('SIGKILL', 'dashboard')
  for (const turn of [2, 3]) {
    const question = { session: 'kept', message: `number ${turn}`, id: `kept-${turn}` }
    expect(await (await askAsOwner(ring, '/api/chat', question, 'agent')).json()).toMatchObject({ finish: 'answered' })
  }
  expect(ring.living('dashboard')).toBe(undefined)
  send('SIGCONT', 'supervisor', 'watchdog')
  await waitFor('another dashboard', LIMIT_MS, () => {
    const living = ring.living('dashboard')
    return living?.url && living.nonce !== dashboard?.nonce ? true : undefined
  })
  await page.getByText('echo: number 3').first().waitFor()
  await said(page, 'Live')
  const runs = page.locator('.run-list li')
  expect(await runs.count()).toBe(3)
  const answers = await page.getByRole('list', { name: 'Steps' }).getByText('echo: number 3').count()
  expect(answers).toBe(1)
  expect(own(problems)).toEqual([])
})
