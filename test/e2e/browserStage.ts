/** A whole ring with a scripted model, its page built, and a browser that is signed in to it. One for each file of tests. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Cookie, Page } from 'playwright-core'
import type { Overview } from '../../dashboard/contract.ts'
import { createRing, type DrillSettings, type Ring } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { createLoginCode } from '../../src/shared/tokens.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { launchBrowser } from './browser.ts'

/** Limits against hanging on a machine that is busy with other things; nothing is measured by them. */
export const LIMIT_MS = 90_000
const START_TRIES = 3

/** How a reader looks at the page. */
export type Look = {
  readonly width?: number
  readonly scheme?: 'light' | 'dark'
  readonly language?: 'en' | 'ko'
}

/** A window that is open. `problems` has what the browser complained about: errors of scripts, and what the policy refused. */
export type Visit = {
  readonly page: Page
  readonly context: BrowserContext
  readonly problems: readonly string[]
}

/** Everything together. */
export type Stage = {
  readonly ring: Ring
  readonly provider: FakeAnthropic
  readonly browser: Browser
  /** An address below the dashboard as it runs now. */
  readonly url: (path?: string) => string
  /** A new window without a session. */
  readonly stranger: (look?: Look) => Promise<Visit>
  /** A new window, signed in, at this path. */
  readonly visit: (path?: string, look?: Look) => Promise<Visit>
  readonly closeWindows: () => Promise<void>
  /** Ends everything; gives the processes that the stop had left behind. */
  readonly close: () => Promise<number[]>
}

/** Builds the page, starts the ring and the browser. */
export async function openStage(settings: DrillSettings = {}): Promise<Stage> {
  await buildPage()
  const provider = await startFakeAnthropic()
  const model = { baseUrl: provider.url, ...(settings['model'] as object | undefined) }
  const ring = await createRing({ settings: { ...settings, model } })
  const ends: (() => unknown)[] = [provider.close]
  const close = async () => {
    for (const end of ends.toReversed()) await end()
    return await ring.destroy()
  }
  try {
    await startRing(ring)
    const browser = await launchBrowser()
    ends.push(() => browser.close())
    return { ring, provider, browser, close, ...windowsOf(ring, browser) }
  } catch (error) {
    await close()
    throw error
  }
}

/** As `npm run build` does it. */
async function buildPage(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(appRoot, 'scripts', 'buildDashboard.ts')])
}

/** A supervisor that is kept waiting for a processor gives up; started again, it goes on where it was. */
export async function startRing(ring: Ring): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await ring.start()
      break
    } catch (error) {
      if (tries >= START_TRIES) throw error
    }
  }
  await untilHealthy(ring)
}

/** Waits until the watch says that everything is well; asked of the dashboard, which costs less than a command. */
export function untilHealthy(ring: Ring): Promise<unknown> {
  return waitFor('the ring to be healthy', LIMIT_MS, () => isHealthy(ring), 100)
}

async function isHealthy(ring: Ring): Promise<true | undefined> {
  try {
    const { status } = (await (await askAsOwner(ring, '/api/overview')).json()) as Overview
    return status.state === 'healthy' && status.agent.ready ? true : undefined
  } catch {
    return undefined
  }
}

/** One request to the dashboard, or to the agent itself, with the owner's token. */
export function askAsOwner(
  ring: Ring,
  path: string,
  body?: object,
  app: 'dashboard' | 'agent' = 'dashboard',
): Promise<Response> {
  const token = parseEnv(readFileSync(ring.paths.env, 'utf8'))['OTTUGI_TOKEN']
  return fetch(`${ring.living(app)?.url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  })
}

function windowsOf(ring: Ring, browser: Browser): Pick<Stage, 'url' | 'stranger' | 'visit' | 'closeWindows'> {
  const url = (path = '/') => `${ring.living('dashboard')?.url}${path}`
  const stranger = (look: Look = {}) => openWindow(browser, look)
  return {
    url,
    stranger,
    visit: async (path = '/', look = {}) => {
      const visit = await stranger(look)
      await signIn(ring, visit.context)
      await visit.page.goto(url(path))
      return visit
    },
    closeWindows: async () => {
      for (const context of browser.contexts()) await context.close()
    },
  }
}

const sessions = new WeakMap<Ring, Cookie[]>()

/** Gives a window a session of the owner's: one for all of a ring, since signing in again and again is refused. */
export async function signIn(ring: Ring, context: BrowserContext): Promise<void> {
  const known = sessions.get(ring)
  if (known) return await context.addCookies(known)
  const code = createLoginCode(ring.paths.logins)
  await context.request.get(`${ring.living('dashboard')?.url}/login?code=${code}`)
  sessions.set(ring, await context.cookies())
}

async function openWindow(browser: Browser, look: Look): Promise<Visit> {
  const { width = 1440, scheme = 'light', language = 'en' } = look
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    locale: language === 'ko' ? 'ko-KR' : 'en-US',
    bypassCSP: false,
  })
  context.setDefaultTimeout(LIMIT_MS)
  // The language of the home counts until the reader chose one.
  await context.addInitScript({ content: `localStorage.setItem('ottugi.language', '${language}')` })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error.stack ?? error)))
  page.on('console', (message) => {
    const { url } = message.location()
    if (message.type() !== 'error' || isNotBegun(message.text(), url)) return
    problems.push(`${message.text()} ${url}`)
  })
  return { page, context, problems }
}

/** The browser notes each 404 as an error: that of a conversation which begins just now is none. */
function isNotBegun(words: string, url: string): boolean {
  return /status of 404/.test(words) && /\/api\/sessions\/[\w-]+\?/.test(url)
}

/** What axe finds wrong with the page as it stands: empty where nothing is. */
export async function axe(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
  }))
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth')
}

/** Waits until the view with this head has its figures. */
export async function shown(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor({ state: 'attached' })
  await page.locator('main .card').first().waitFor()
  await waitFor(`${title} to be loaded`, LIMIT_MS, async () =>
    (await page.locator('.loading').count()) === 0 ? true : undefined,
  )
}
