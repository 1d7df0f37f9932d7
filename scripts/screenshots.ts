/**
 * `npm run screenshots`: pictures of every view of the dashboard into `docs/screens`, out of a throw-away home with an invented past. Nothing outside of
 * that folder is changed. A picture that weighs more than {@link MOST_BYTES} is a failure: it would make every clone heavier.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { createRing, type Ring } from '../src/drill/ring.ts'
import { waitFor } from '../src/drill/waitFor.ts'
import { appRoot } from '../src/shared/paths.ts'
import { launchBrowser } from '../test/e2e/browser.ts'
import { signIn, startRing } from '../test/e2e/browserStage.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../test/fakes/anthropic.ts'
import { writePast } from './screenshotsPast.ts'

const FOLDER = join(appRoot, 'docs', 'screens')
const MOST_BYTES = 150_000
const LIMIT_MS = 120_000
const PAST_MS = 60_000

type Picture = {
  readonly name: string
  readonly path: string
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'dark'
}

const PICTURES: readonly Picture[] = [
  { name: 'overview', path: '/', height: 1_000 },
  { name: 'overview-dark', path: '/', height: 1_000, scheme: 'dark' },
  { name: 'overview-phone', path: '/', width: 360, height: 780 },
  { name: 'incidents', path: '/incidents' },
  { name: 'incident', path: '/incidents/I15' },
  { name: 'incident-phone', path: '/incidents/I14', width: 360, height: 780, scheme: 'dark' },
  { name: 'sessions', path: '/sessions' },
  { name: 'run', path: '/sessions/night-log' },
  { name: 'chat', path: '/chat/plan' },
  { name: 'approvals', path: '/approvals' },
  { name: 'approvals-phone', path: '/approvals', width: 360, height: 780 },
  { name: 'costs', path: '/costs' },
  { name: 'tools', path: '/tools' },
  { name: 'host', path: '/host', height: 900 },
  { name: 'host-dark', path: '/host', height: 900, scheme: 'dark' },
  { name: 'logs', path: '/logs' },
  { name: 'settings', path: '/settings' },
]

await promisify(execFile)(process.execPath, [join(appRoot, 'scripts', 'buildDashboard.ts')])
const provider = await startFakeAnthropic()
const ring = await createRing({ settings: { model: { baseUrl: provider.url } } })
try {
  writePast(ring.paths, Date.now() - PAST_MS)
  await startRing(ring)
  await takeAll(ring, provider)
} finally {
  const left = await ring.destroy()
  await provider.close()
  if (left.length > 0) console.error(`left behind and ended: ${left.join(', ')}`)
}

async function takeAll(from: Ring, model: FakeAnthropic): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const browser = await launchBrowser()
  try {
    await askForApproval(from, model, browser)
    for (const picture of PICTURES) {
      const { width = 1440, height = 900, scheme = 'light' } = picture
      const viewport = { width, height }
      const context = await browser.newContext({ viewport, colorScheme: scheme, locale: 'en-US' })
      const page = await signedIn(from, await context.newPage())
      await page.goto(`${from.living('dashboard')?.url}${picture.path}`)
      await settled(page)
      await take(page, picture.name)
      await context.close()
    }
  } finally {
    await browser.close()
  }
}

async function signedIn(ring: Ring, page: Page): Promise<Page> {
  page.setDefaultTimeout(LIMIT_MS)
  await signIn(ring, page.context())
  return page
}

/** A question that waits for an answer, asked by a run of the agent. */
async function askForApproval(
  from: Ring,
  model: FakeAnthropic,
  browser: Awaited<ReturnType<typeof launchBrowser>>,
): Promise<void> {
  const content = '# Week\n\n- Mon: check the backups\n- Wed: water the plants\n- Fri: send the report\n'
  const calls = [{ name: 'write_file', input: { path: 'plans/week.md', content } }]
  model.setScript({ do: 'call', calls, before: 'I put the plan for the week together and write it into a file.' })
  const page = await signedIn(from, await browser.newPage())
  await page.goto(`${from.living('dashboard')?.url}/chat/plan`)
  await page.getByLabel('Message to the agent').fill('Make a plan for the week and keep it in a file')
  await page.keyboard.press('Enter')
  await page.getByRole('alert', { name: 'The agent asks you' }).waitFor()
  await page.close()
}

/** What is loaded is there, and what is drawn is drawn. */
async function settled(page: Page): Promise<void> {
  await page.locator('main .card').first().waitFor()
  await waitFor('the view to be loaded', LIMIT_MS, async () =>
    (await page.locator('.loading').count()) === 0 ? true : undefined,
  )
  await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
  // Two frames: what was drawn last is on the screen.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

async function take(page: Page, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.png`)
  await page.screenshot({ path })
  const { size } = statSync(path)
  console.log(`${name.padEnd(20)} ${(size / 1_000).toFixed(0)} kB`)
  if (size <= MOST_BYTES) return
  console.error(`${name} is too heavy: ${size} bytes`)
  process.exitCode = 1
}
