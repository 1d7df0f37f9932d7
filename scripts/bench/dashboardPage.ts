/** The dashboard's page in a real browser over a real ring: how soon it shows, how soon it is right, how heavy it is, and what many tabs cost. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { untilKnown } from '../../src/drill/faults/wholeAgain.ts'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { readStat } from '../../src/shared/procfs.ts'
import { launchBrowser } from '../../test/e2e/browser.ts'
import { signIn, startRing } from '../../test/e2e/browserStage.ts'
import { cpuTicks, pssMiB, TICKS_PER_SECOND } from './idle.ts'
import type { Bench, Figure, Outcome } from './measurement.ts'
import { quantileOf } from './statistics.ts'

const ASSETS = join(appRoot, 'dashboard', 'dist', 'assets')
const LIMIT_MS = 60_000
const POINTS = 3_600
/** One more in a row, and the brake would hold the next start. */
const MOST_INCIDENTS = 3
const TABS = { streams: 47, real: 3 }
const WINDOW_MS = 30_000
const SETTLE_MS = 5_000

/** `--rows dashboard-page`. */
export const DASHBOARD_PAGE_BENCH: Bench = {
  id: 'dashboard-page',
  groups: ['dashboard', 'promises'],
  title: "the dashboard's page in a browser",
  async run({ times }) {
    const ring = await createRing()
    const browser = await launchBrowser()
    try {
      await startRing(ring)
      await untilKnown(ring)
      return {
        figures: {
          firstPaint: await firstPaint(ring, browser, times),
          scripts: scriptWeight(),
          ...(await chartUpdate(ring, browser, times)),
          ...(await manyTabs(ring, browser)),
          ...(await rightAgain(ring, browser, Math.min(times, MOST_INCIDENTS))),
        },
      }
    } finally {
      await browser.close()
      await ring.destroy()
    }
  },
}

const urlOf = (ring: Ring, path = '/') => `${ring.living('dashboard')?.url}${path}`

async function signedIn(ring: Ring, browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  await signIn(ring, context)
  await page.goto(urlOf(ring))
  await page.getByRole('banner').waitFor()
  return page
}

/** Each time in a browser that has nothing of it in its cache. */
async function firstPaint(ring: Ring, browser: Browser, times: number): Promise<Figure> {
  const values: (number | null)[] = []
  for (let turn = 0; turn < times; turn++) {
    const page = await signedIn(ring, browser)
    const cookies = await page.context().cookies()
    await page.context().close()
    const context = await browser.newContext({ locale: 'en-US' })
    await context.addCookies(cookies)
    const fresh = await context.newPage()
    await fresh.goto(urlOf(ring))
    await fresh.getByRole('banner').waitFor()
    const paint = await waitFor('the first paint', LIMIT_MS, () => fresh.evaluate<number | undefined>(FIRST_PAINT))
    values.push(Math.round(paint))
    await context.close()
  }
  return { title: 'first contentful paint, empty cache, loopback', unit: 'ms', values, target: 500 }
}

const FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"

function scriptWeight(): Figure {
  const pressed = readdirSync(ASSETS).filter((name) => name.endsWith('.js.br'))
  const bytes = pressed.reduce((sum, name) => sum + statSync(join(ASSETS, name)).size, 0)
  return { title: 'all scripts, brotli', unit: 'kB', values: [Math.round(bytes / 100) / 10], target: 120 }
}

/** The page's own drawing, as it was built, on a canvas of the page. */
async function chartUpdate(ring: Ring, browser: Browser, times: number): Promise<Outcome['figures']> {
  const page = await signedIn(ring, browser)
  const name = readdirSync(ASSETS).find((file) => /^drawChart-.*\.js$/.test(file))
  const values = await page.evaluate(DRAW, { address: urlOf(ring, `/assets/${name}`), points: POINTS, times })
  await page.context().close()
  const title = `chart update, 2 × ${POINTS} points`
  const median = quantileOf(values, 0.5)
  return {
    chartUpdate: { title, unit: 'ms', values },
    chartMedian: { title: `${title}, median`, unit: 'ms', values: [median], target: 4 },
  }
}

type DrawOrder = { readonly address: string; readonly points: number; readonly times: number }
type Drawn = { readonly update: (drawing: object) => void; readonly destroy: () => void }

/** Runs in the browser: nothing of this file is there. */
const DRAW = async ({ address, points, times }: DrawOrder): Promise<number[]> => {
  const part = (await import(address)) as Record<string, (canvas: object, drawing: object) => Drawn>
  const begin = Object.values(part).find((value) => typeof value === 'function')
  if (!begin) throw new Error('the page has no chart')
  const { document } = globalThis as unknown as {
    document: { createElement: (name: string) => HTMLLike; body: HTMLLike }
  }
  const box = document.createElement('div')
  Object.assign(box.style, { width: '800px', height: '190px', position: 'fixed', top: '0' })
  const canvas = document.createElement('canvas')
  box.append(canvas)
  document.body.append(box)
  const drawingOf = (turn: number) => {
    const at = Array.from({ length: points }, (_, place) => 1.7e12 + (turn + place) * 1_000)
    const line = (phase: number) => at.map((moment) => 0.5 + 0.4 * Math.sin(moment / 60_000 + phase))
    const colours = { ink: '#333', grid: '#ddd', series: ['#15c', '#930'] }
    const lines = [0, 1].map((phase) => ({ label: `${phase}`, values: line(phase) }))
    return { kind: 'line', isStacked: false, at, lines, format: String, top: 1, language: 'en', colours }
  }
  const chart = begin(canvas, drawingOf(0))
  const took: number[] = []
  for (let turn = 1; turn <= times; turn++) {
    const drawing = drawingOf(turn)
    const from = performance.now()
    chart.update(drawing)
    took.push(Math.round((performance.now() - from) * 100) / 100)
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  chart.destroy()
  return took
}

type HTMLLike = { readonly style: object; readonly append: (child: HTMLLike) => void }

type Cost = { readonly cpu: number; readonly mib: number }

/** What tabs cost the dashboard: streams of programs, and real tabs in browsers of their own (those of one browser share a stream). */
async function manyTabs(ring: Ring, browser: Browser): Promise<Outcome['figures']> {
  const alone = await costOf(ring)
  const page = await signedIn(ring, browser)
  const [cookie] = await page.context().cookies()
  await page.context().close()
  const ending = new AbortController()
  const streams = Array.from({ length: TABS.streams }, () =>
    follow(ring, `${cookie?.name}=${cookie?.value}`, ending.signal),
  )
  const pages: Page[] = []
  for (let tab = 0; tab < TABS.real; tab++) pages.push(await signedIn(ring, browser))
  const together = await costOf(ring)
  ending.abort()
  await Promise.all(streams)
  for (const tab of pages) await tab.context().close()
  const title = `the dashboard with ${TABS.streams + TABS.real} open tabs, more than with none`
  const round = (value: number) => Math.round(value * 100) / 100
  return {
    tabsCpu: { title: `CPU of ${title}`, unit: '%', values: [round(together.cpu - alone.cpu)], target: 5 },
    tabsMemory: { title: `memory of ${title}`, unit: 'MiB', values: [round(together.mib - alone.mib)], target: 60 },
  }
}

/** Reads a stream to its end, as a tab does. */
async function follow(ring: Ring, cookie: string, signal: AbortSignal): Promise<void> {
  try {
    const response = await fetch(urlOf(ring, '/api/events'), { headers: { cookie }, signal })
    for await (const _ of response.body ?? []) if (signal.aborted) return
  } catch {
    // Ended by us.
  }
}

async function costOf(ring: Ring): Promise<Cost> {
  const pid = ring.living('dashboard')?.pid ?? 0
  await delay(SETTLE_MS)
  const before = cpuTicks(pid)
  const from = performance.now()
  await delay(WINDOW_MS)
  const seconds = (performance.now() - from) / 1_000
  if (!readStat(pid)) throw new Error('the dashboard was restarted while it was measured')
  return { cpu: ((cpuTicks(pid) - before) / TICKS_PER_SECOND / seconds) * 100, mib: pssMiB(pid) }
}

/** From a kill of the agent to the page that says so, and from the end of the incident to the page that says that. */
async function rightAgain(ring: Ring, browser: Browser, times: number): Promise<Outcome['figures']> {
  const page = await signedIn(ring, browser)
  await page.locator('.card').first().waitFor()
  const opened: (number | null)[] = []
  const healed: (number | null)[] = []
  for (let turn = 1; turn <= times; turn++) {
    await untilKnown(ring)
    const before = ring.living('agent')
    await page.evaluate(WATCH, `I${turn}`)
    process.kill(before?.pid ?? 0, 'SIGKILL')
    await ring.nextAgent(before, LIMIT_MS)
    const [incident] = await ring.closedIncidents(turn, LIMIT_MS)
    const seen = await waitFor('the page to say so', LIMIT_MS, async () => {
      const marks = await page.evaluate<Marks>('window.marks')
      return marks.shown !== null && marks.healed !== null ? marks : undefined
    })
    opened.push((seen.shown ?? 0) - Date.parse(incident?.openedAt ?? ''))
    healed.push((seen.healed ?? 0) - Date.parse(incident?.closedAt ?? ''))
  }
  await page.context().close()
  return {
    incidentShown: { title: 'incident opened → shown in the page', unit: 'ms', values: opened, target: 2_000 },
    incidentHealed: { title: 'incident closed → shown as healed', unit: 'ms', values: healed, target: 2_000 },
  }
}

type Marks = { readonly shown: number | null; readonly healed: number | null }

/** Runs in the browser: when the page first names the incident, and when it calls it healed. */
const WATCH = (id: string): void => {
  const view = globalThis as unknown as {
    document: WatchedDocument
    marks: { shown: number | null; healed: number | null }
  }
  const marks = { shown: null as number | null, healed: null as number | null }
  view.marks = marks
  const look = () => {
    const line = view.document.querySelector(`main a[href$="/incidents/${id}"]`)
    const text = line?.closest('li')?.textContent ?? ''
    if (line) marks.shown ??= Date.now()
    if (/Healed/.test(text)) marks.healed ??= Date.now()
  }
  const { MutationObserver: Observer } = globalThis as unknown as {
    MutationObserver: new (act: () => void) => { observe: (node: object, what: object) => void }
  }
  new Observer(look).observe(view.document.body, { childList: true, subtree: true, characterData: true })
  look()
}

type WatchedElement = {
  readonly textContent: string | null
  readonly closest: (selector: string) => WatchedElement | null
}
type WatchedDocument = { readonly body: object; readonly querySelector: (selector: string) => WatchedElement | null }
