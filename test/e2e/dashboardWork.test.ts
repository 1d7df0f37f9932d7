/** What a person does with the agent in the page: talk, answer its question, look at a run once more. A whole ring, a scripted model, a real browser. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { waitFor } from '../../src/drill/waitFor.ts'
import { axe, LIMIT_MS, openStage, type Stage, shown } from './browserStage.ts'

const FILE = 'plan.md'
let stage: Stage

beforeAll(async () => {
  stage = await openStage()
}, 300_000)
afterEach(() => stage?.closeWindows())
afterAll(async () => {
  expect(await stage?.close()).toEqual([])
})

it('talks with the agent: the tool that it used, and its answer as Markdown', async () => {
  const note = { name: 'note', input: { text: 'tea at four' } }
  stage.provider.setScript({
    do: 'turns',
    turns: [
      { do: 'call', calls: [note], before: 'I write it down.' },
      { do: 'say', text: 'It is **noted**.' },
    ],
  })
  const { page, problems } = await stage.visit('/chat')
  await shown(page, 'Chat')
  await page.getByLabel('Message to the agent').fill('Note: tea at four')
  await page.keyboard.press('Enter')
  const log = page.getByRole('log', { name: 'Conversation' })
  await log.locator('strong', { hasText: 'noted' }).waitFor()
  await page.waitForURL(/\/chat\/.+/)
  const tool = log.locator('.chat-tool', { hasText: 'note' })
  await tool.getByText('done', { exact: true }).first().waitFor()
  await tool.locator('summary').first().click()
  await tool.getByText('Added to notes.md').first().waitFor()
  expect(readFileSync(join(stage.ring.paths.workspace, 'notes.md'), 'utf8')).toContain('tea at four')
  expect(await axe(page)).toEqual([])
  // Loaded anew, the conversation stands there once.
  await page.reload()
  await log.locator('strong', { hasText: 'noted' }).waitFor()
  expect(await log.locator('.bubble-you').count()).toBe(1)
  expect(problems).toEqual([])
})

it('asks a person in the page before it writes, does what was seen after the yes, and says who allowed it', async () => {
  const write = { name: 'write_file', input: { path: FILE, content: 'water the plants' } }
  stage.provider.setScript({
    do: 'turns',
    turns: [
      { do: 'call', calls: [write] },
      { do: 'say', text: 'The file is there.' },
    ],
  })
  const { page, problems } = await stage.visit('/chat')
  await shown(page, 'Chat')
  await page.getByLabel('Message to the agent').fill('Write the plan')
  await page.keyboard.press('Enter')
  const question = page.getByRole('alert', { name: 'The agent asks you' })
  await question.getByText('water the plants').waitFor()
  expect(() => readFileSync(join(stage.ring.paths.workspace, FILE))).toThrow()
  // The same question waits in the navigation and in its own view.
  await page.getByRole('link', { name: /Approvals.*1 waiting/ }).waitFor()
  await page.getByRole('link', { name: /Approvals/ }).click()
  const card = page.getByRole('article', { name: /The agent asks/ })
  await card.getByRole('button', { name: 'Approve' }).click()
  const dialog = page.getByRole('dialog', { name: 'Approve exactly this?' })
  await dialog.getByText('water the plants').waitFor()
  await dialog.getByRole('button', { name: 'Approve' }).click()
  await page.getByText('Nothing waits for you.').waitFor()
  await page
    .locator('.past-approval .status')
    .first()
    .getByText(/^approved/)
    .waitFor()
  await waitFor('the file to be written', LIMIT_MS, () => fileText())
  expect(fileText()).toBe('water the plants')
  await page.goBack()
  await page.getByText('The file is there.').waitFor()
  expect(problems).toEqual([])
})

function fileText(): string | undefined {
  try {
    return readFileSync(join(stage.ring.paths.workspace, FILE), 'utf8')
  } catch {
    return undefined
  }
}

it('refuses in the page, and the agent goes on without it', async () => {
  const write = { name: 'write_file', input: { path: 'never.md', content: 'no' } }
  stage.provider.setScript({
    do: 'turns',
    turns: [
      { do: 'call', calls: [write] },
      { do: 'say', text: 'Then not.' },
    ],
  })
  const { page } = await stage.visit('/chat')
  await shown(page, 'Chat')
  await page.getByLabel('Message to the agent').fill('Write something else')
  await page.keyboard.press('Enter')
  const question = page.getByRole('alert', { name: 'The agent asks you' })
  await question.getByRole('button', { name: 'Refuse' }).click()
  await page.getByRole('dialog', { name: 'Refuse this?' }).getByRole('button', { name: 'Refuse' }).click()
  await page.getByText('Then not.').waitFor()
  expect(() => readFileSync(join(stage.ring.paths.workspace, 'never.md'))).toThrow()
})

it('shows a run once more, step by step, with the keys', async () => {
  const { page, problems } = await stage.visit('/sessions')
  await shown(page, 'Sessions')
  await page.getByRole('link', { name: /tea at four/ }).click()
  const steps = page.getByRole('list', { name: 'Steps' })
  await steps.getByText('It is').first().waitFor()
  const whole = await steps.getByRole('listitem').count()
  await page.getByRole('button', { name: 'Replay', exact: true }).click()
  const slider = page.getByRole('slider', { name: 'Replay' })
  await slider.focus()
  await page.keyboard.press('Home')
  await expect.poll(() => steps.locator('> li').count(), { timeout: LIMIT_MS }).toBe(1)
  const total = Number(await slider.getAttribute('max'))
  expect(total).toBeGreaterThan(3)
  for (let step = 1; step < total; step++) await page.keyboard.press('ArrowRight')
  await expect.poll(() => slider.inputValue(), { timeout: LIMIT_MS }).toBe(String(total))
  await expect.poll(() => steps.getByRole('listitem').count(), { timeout: LIMIT_MS }).toBe(whole)
  expect(await axe(page)).toEqual([])
  expect(problems).toEqual([])
})
