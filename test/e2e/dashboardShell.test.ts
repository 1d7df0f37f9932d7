/** The shell of the dashboard's page, its first screen and the incidents, in a real Chromium over fixtures. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { heartbeat, incidentStory, incidents, me, openIncident, overview, series } from '../dashboard/fixtures.ts'
import { type PageServer, startPageServer } from '../dashboard/pageServer.ts'

const distFolder = mkdtempSync(join(tmpdir(), 'ottugi-page-'))
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-zygote',
  '--disable-background-networking',
]
let browser: Browser
let server: PageServer
let problems: string[]
let isSignedOut: boolean

beforeAll(async () => {
  const root = resolve(import.meta.dirname, '../../dashboard/web')
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: distFolder, emptyOutDir: true },
  })
  browser = await playwright.launch({ executablePath: await chromium.executablePath(), args: FLAGS, headless: true })
})
afterAll(async () => {
  await browser?.close()
  rmSync(distFolder, { recursive: true, force: true })
})
beforeEach(async () => {
  problems = []
  isSignedOut = false
  server = await startPageServer(distFolder, answers, '/ops')
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  await server.close()
})

function answers(path: string, query: URLSearchParams): unknown {
  const now = Date.now()
  if (isSignedOut) return { problem: 401 }
  if (path === '/api/me') return me()
  if (path === '/api/overview') return overview(now)
  if (path === '/api/heartbeat') return heartbeat(now, query.get('window') === '90d' ? '90d' : '24h')
  if (path === '/api/incidents') return { asOf: new Date(now).toISOString(), incidents: incidents(now), next: null }
  if (path.startsWith('/api/incidents/')) return incidentStory(now)
  if (path === '/api/series') return series(now)
  if (path.startsWith('/api/actions/')) return { done: true, text: 'Maintenance has begun.', undo: 'maintenance-off' }
  return undefined
}

type Look = {
  readonly width?: number
  readonly scheme?: 'light' | 'dark'
  readonly locale?: string
  readonly clock?: boolean
}

async function open(path = '', { width = 1440, scheme = 'light', locale = 'en-US', clock }: Look = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    locale,
    bypassCSP: false,
  })
  // The language of the home counts until the reader chose one.
  if (locale === 'ko-KR') await context.addInitScript({ content: "localStorage.setItem('ottugi.language', 'ko')" })
  const page = await context.newPage()
  if (clock) await page.clock.install()
  page.on('console', (message) => {
    if (message.type() === 'error' && !/ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|401/.test(message.text()))
      problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(server.url + path)
  return page
}

async function axe(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
  }))
}

describe('the first screen', () => {
  it.each([
    { width: 360, scheme: 'light', locale: 'en-US' },
    { width: 1440, scheme: 'dark', locale: 'ko-KR' },
  ] as const)('is readable for everybody: $width px, $scheme, $locale', async (look) => {
    const page = await open('', look)
    await page.getByRole('img', { name: /CPU/ }).waitFor()
    expect(await axe(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    expect(await page.title()).toBe(look.locale === 'ko-KR' ? '✓ 정상 – 오뚝이' : '✓ Healthy – Ottugi')
    expect(problems).toEqual([])
  })

  it('says the state by word and shape, shows markup as text and runs none of it', async () => {
    const page = await open()
    await page.getByText('<img src=x onerror=alert(1)>').waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('header .status svg').count()).toBe(1)
    expect(problems).toEqual([])
  })

  it('has a chart that says its latest value, and the same as a table', async () => {
    const page = await open()
    const chart = page.getByRole('img', { name: /CPU, last hour\. Latest, \d\d:\d\d: CPU, last hour \d+%/ })
    await chart.locator('canvas').waitFor()
    await page.getByRole('button', { name: 'As a table: CPU, last hour' }).click()
    const rows = page.getByRole('table', { name: 'CPU, last hour' }).getByRole('row')
    expect(await rows.count()).toBe(241)
  })

  it('has a heartbeat bar that is walked with the arrow keys; Enter opens the incidents of a cell', async () => {
    const page = await open()
    const bar = page.getByRole('listbox', { name: /Heartbeat of 24 h: 99\.99% available, now Up/ })
    await bar.getByRole('option', { selected: true }).focus()
    for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowLeft')
    expect(await page.locator(':focus').getAttribute('aria-label')).toMatch(
      /: Down, 6\.2 s without service, incidents: 1$/,
    )
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/ops\/incidents\?from=/)
  })
})

describe('the shell', () => {
  it('goes to a view from the palette and puts the focus at its head', async () => {
    const page = await open()
    await page.getByText('last update').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('inc')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/ops\/incidents$/)
    await page.locator('h1:focus').waitFor()
    expect(await page.title()).toBe('✓ Healthy – Incidents – Ottugi')
    await page.goBack()
    await page.getByRole('listbox').waitFor()
  })

  it('asks before an action, does it once, and offers the way back', async () => {
    const page = await open()
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('begin m')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Begin maintenance?' })
    await dialog.getByText('For 30 minutes nothing is repaired').waitFor()
    expect(server.asked.filter((line) => line.startsWith('POST'))).toEqual([])
    await dialog.getByRole('button', { name: 'Begin maintenance' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect
      .poll(() => server.asked.filter((line) => line.startsWith('POST')).map((line) => line.split('?')[0]))
      .toEqual(['POST /api/actions/maintenance-on', 'POST /api/actions/maintenance-off'])
  })

  it('shows the keys with a question mark and keeps language and colours', async () => {
    const page = await open()
    await page.getByText('last update').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Language, Colours' }).click()
    await page.getByRole('radio', { name: '한국어' }).check()
    await page.getByRole('radio', { name: '어둡게' }).check()
    await page.reload()
    await expect.poll(() => page.title()).toBe('✓ 정상 – 오뚝이')
    expect(await page.evaluate('getComputedStyle(document.body).colorScheme')).toBe('dark')
  })

  it('says how to sign in when the session is over', async () => {
    isSignedOut = true
    const page = await open()
    await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
    expect(await axe(page)).toEqual([])
    expect(await page.locator('.card').count()).toBe(0)
  })
})

describe('what is live', () => {
  it('follows an incident from open to healed', async () => {
    const page = await open()
    await page.getByText('Last incidents').waitFor()
    await expect.poll(() => server.streams()).toBe(1)
    const now = Date.now()
    const good = overview(now)
    server.send('overview', {
      ...good,
      incidents: [openIncident(now), ...incidents(now)],
      status: { ...good.status, state: 'recovering' },
    })
    await page.getByText('Open incident').waitFor()
    await page.getByText('Look at the disk of the machine').waitFor()
    await expect.poll(() => page.title()).toBe('↻ Recovering – Ottugi')
    server.send('overview', good)
    await expect.poll(() => page.title()).toBe('✓ Healthy – Ottugi')
  })

  it('mutes and labels what is old, says what it does not know, and comes back where it was', async () => {
    const page = await open('', { clock: true })
    await page.getByText('Last incidents').waitFor()
    await expect.poll(() => server.streams()).toBe(1)
    server.send('beat', { at: new Date().toISOString() }, '7.1')
    await expect.poll(() => page.locator('.live-live').count()).toBe(1)
    server.silence(true)
    // What was on its way when it fell silent may still come.
    await expect
      .poll(
        async () => {
          await page.clock.fastForward(20_000)
          return await page.getByText('how it is now is not known').count()
        },
        { timeout: 60_000 },
      )
      .toBe(1)
    await expect.poll(() => page.title()).toBe('? Unknown – Ottugi')
    expect(await page.locator('.card.is-stale').count()).toBeGreaterThan(5)
    expect(await page.getByText(/as of/).count()).toBeGreaterThan(5)
    server.silence(false)
    await expect
      .poll(async () => {
        await page.clock.fastForward(15_000)
        return await page.title()
      })
      .toBe('✓ Healthy – Ottugi')
    expect(server.resumedFrom.at(-1)).toBe('7.1')
  })

  it('shares one stream among tabs, and the next tab leads when the first is closed', async () => {
    const first = await open()
    await first.getByText('Last incidents').waitFor()
    await expect.poll(() => server.streams()).toBe(1)
    const second = await first.context().newPage()
    await second.goto(server.url)
    await second.getByText('Last incidents').waitFor()
    const good = overview(Date.now())
    server.send('overview', { ...good, sentence: 'Told to both.' }, '9.1')
    await first.getByText('Told to both.').waitFor()
    await second.getByText('Told to both.').waitFor()
    expect(server.resumedFrom).toHaveLength(1)
    await first.close()
    await expect.poll(() => server.resumedFrom.at(-1)).toBe('9.1')
  })
})

describe('an incident', () => {
  it('is a story with what a person should do, and its evidence on demand', async () => {
    const page = await open('incidents/i-9')
    await page.getByText('What you should do').waitFor()
    await page.getByText('Repair journal').click()
    await page.getByText('"action":"remove_lock"').waitFor()
    expect(await page.locator('.story li').count()).toBe(5)
    expect(await page.locator('img').count()).toBe(0)
    expect(await axe(page)).toEqual([])
    expect(problems).toEqual([])
  })

  it('is found by filters that stand in the address', async () => {
    const page = await open('incidents')
    await page.getByRole('radio', { name: 'Passed to a person' }).check()
    await page.waitForURL(/outcome=escalated/)
    expect(await page.locator('.incident-line').count()).toBe(1)
    await page.getByRole('searchbox').fill('nothing like this')
    await page.getByText('No incident fits the filter.').waitFor()
    expect(await axe(page)).toEqual([])
  })
})
