/** Every view over a whole ring with a past: in both languages, both schemes, on a phone and on a desk; for eyes, ears and keys; with hostile names. */
import { appendFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../../src/drill/waitFor.ts'
import { chatThrough, HOSTILE, waitingApproval } from './browserDeeds.ts'
import { axe, LIMIT_MS, type Look, openStage, overflow, type Stage, shown, untilHealthy } from './browserStage.ts'

const VERY_LONG = 1_000_000
const UNSEEN = ['\u202e', '\u0007', '\u001b']
const VIEWS = [
  { path: '/', en: 'Overview', ko: '개요' },
  { path: '/incidents', en: 'Incidents', ko: '장애' },
  { path: '/incidents/INCIDENT', en: 'Incidents', ko: '장애' },
  { path: '/sessions', en: 'Sessions', ko: '세션' },
  { path: '/sessions/hostile', en: 'Sessions', ko: '세션' },
  { path: '/chat', en: 'Chat', ko: '대화' },
  { path: '/chat/hostile', en: 'Chat', ko: '대화' },
  { path: '/approvals', en: 'Approvals', ko: '승인' },
  { path: '/costs', en: 'Costs', ko: '비용' },
  { path: '/tools', en: 'Tools', ko: '도구' },
  { path: '/host', en: 'Host', ko: '서버' },
  { path: '/logs', en: 'Logs', ko: '로그' },
  { path: '/settings', en: 'Settings', ko: '설정' },
] as const
/** Every view in each pair of them. */
const LOOKS = [
  { width: 360, scheme: 'light', language: 'en' },
  { width: 360, scheme: 'dark', language: 'ko' },
  { width: 1440, scheme: 'dark', language: 'en' },
  { width: 1440, scheme: 'light', language: 'ko' },
] as const
let stage: Stage
let incident: string

beforeAll(async () => {
  stage = await openStage()
  incident = await livedThrough()
}, 600_000)
afterEach(() => stage?.closeWindows())
afterAll(async () => {
  expect(await stage?.close()).toEqual([])
})

/** An incident, a conversation with tools and hostile words, a question that waits, a log line that is too long. */
async function livedThrough(): Promise<string> {
  const { ring, provider } = stage
  const before = ring.living('agent')
  process.kill(before?.pid ?? 0, 'SIGKILL')
  await ring.nextAgent(before, LIMIT_MS)
  const [closed] = await ring.closedIncidents(1, LIMIT_MS)
  await untilHealthy(ring)
  const note = { name: 'note', input: { text: HOSTILE } }
  provider.setScript({
    do: 'turns',
    turns: [
      { do: 'call', calls: [note] },
      { do: 'say', text: `**so** ${HOSTILE}` },
    ],
  })
  await chatThrough(stage, { session: 'hostile', message: HOSTILE, id: 'run-hostile' })
  provider.setScript({ do: 'call', calls: [{ name: 'write_file', input: { path: 'a.txt', content: HOSTILE } }] })
  void chatThrough(stage, { session: 'asks', message: 'write it down', id: 'run-asks' }).catch(() => undefined)
  await waitingApproval(stage)
  const line = { level: 40, time: new Date().toISOString(), msg: `${HOSTILE} ${'x'.repeat(VERY_LONG)}` }
  appendFileSync(ring.paths.logOf('agent'), `${JSON.stringify(line)}\n`)
  return closed?.id ?? ''
}

const at = (path: string) => path.replace('INCIDENT', incident)

/** The canvas of a chart has been drawn once its library is there. */
async function drawn(page: Page): Promise<void> {
  for (const chart of await page.getByRole('img').locator('canvas').all()) await chart.waitFor()
}

describe.each(LOOKS)('at $width px, $scheme, in $language', (look: Look & (typeof LOOKS)[number]) => {
  it.each(VIEWS)('$path is readable and complains of nothing', async (view) => {
    const { page, problems } = await stage.visit(at(view.path), look)
    await shown(page, view[look.language])
    await drawn(page)
    expect(await axe(page)).toEqual([])
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    expect(await page.locator('html').getAttribute('lang')).toBe(look.language)
    expect(await page.evaluate('matchMedia("(prefers-color-scheme: dark)").matches')).toBe(look.scheme === 'dark')
    expect(problems).toEqual([])
  })
})

describe('what automatic tools do not see', () => {
  it('names each chart with its latest value, and has its figures as a table', async () => {
    const { page } = await stage.visit('/host')
    await shown(page, 'Host')
    const charts = page.locator('.chart')
    await waitFor('a chart', LIMIT_MS, async () => ((await charts.count()) > 0 ? true : undefined))
    for (const chart of await charts.all()) {
      const label = await chart.getByRole('img').getAttribute('aria-label')
      expect(label).toMatch(/^.+\. Latest, \d\d:\d\d: .+ [\d–]/)
      await chart.getByRole('button', { name: /^As a table: / }).click()
      expect(await chart.getByRole('table').getByRole('row').count()).toBeGreaterThan(1)
      await chart.getByRole('button', { name: /^As a chart: / }).click()
    }
    // A canvas that nobody named would be a picture that says nothing.
    expect(await page.locator('canvas').count()).toBe(await page.getByRole('img').locator('canvas').count())
  })

  it('says each state by a word beside a shape', async () => {
    const { page } = await stage.visit('/')
    await shown(page, 'Overview')
    const states = page.locator('.status')
    expect(await states.count()).toBeGreaterThan(0)
    for (const state of await states.all()) {
      expect(await state.locator('svg[aria-hidden=true]').count()).toBe(1)
      expect(((await state.textContent()) ?? '').trim()).not.toBe('')
    }
  })

  it('walks the heartbeat bar with the arrow keys, and opens the incidents of a cell', async () => {
    const { page } = await stage.visit('/')
    const bar = page.getByRole('listbox', { name: /^Heartbeat of 24 h: .+ available, now / })
    await bar.getByRole('option', { selected: true }).focus()
    await page.keyboard.press('Home')
    const first = await page.locator(':focus').getAttribute('aria-label')
    await page.keyboard.press('ArrowRight')
    expect(await page.locator(':focus').getAttribute('aria-label')).not.toBe(first)
    await page.keyboard.press('End')
    expect(await page.locator(':focus').getAttribute('aria-selected')).toBe('true')
    for (let step = 0; step < 96; step++) {
      if (/incidents: [1-9]/.test((await page.locator(':focus').getAttribute('aria-label')) ?? '')) break
      await page.keyboard.press('ArrowLeft')
    }
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/incidents\?from=/)
    await page.locator(`main a[href$="/incidents/${incident}"]`).first().waitFor()
  })

  it('is used with the keyboard alone: to a view, to its head, and back', async () => {
    const { page } = await stage.visit('/')
    await shown(page, 'Overview')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('sett')
    await page.keyboard.press('Enter')
    await page.locator('h1:focus').filter({ hasText: 'Settings' }).waitFor()
    await page.goBack()
    await shown(page, 'Overview')
  })
})

describe('hostile words', () => {
  it.each(['/sessions', '/sessions/hostile', '/chat/hostile', '/approvals', '/logs'])(
    'are shown as text on %s: no element of theirs, no unseen character, nothing run',
    async (path) => {
      const { page, problems } = await stage.visit(path)
      await page.locator('main').getByText('<img src=x').filter({ visible: true }).first().waitFor()
      expect(await page.locator('main img, main script, main iframe').count()).toBe(0)
      expect(await page.evaluate('window.hacked')).toBe(undefined)
      const words = await page.locator('main').evaluate((element) => element.textContent ?? '')
      for (const unseen of UNSEEN) expect(words).not.toContain(unseen)
      expect(words.length).toBeLessThan(VERY_LONG)
      expect(problems).toEqual([])
    },
  )
})
