/** Into the dashboard and out of it, in a real browser over a whole ring. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { axe, openStage, type Stage, shown } from './browserStage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
}, 300_000)
afterEach(() => stage?.closeWindows())
afterAll(async () => {
  expect(await stage?.close()).toEqual([])
})

const token = (name: string) => parseEnv(readFileSync(stage.ring.paths.env, 'utf8'))[name] ?? ''

it('signs in by the link of `ottugi dashboard`, once, and leaves no secret in the address', async () => {
  const printed = await stage.ring.ottugi('dashboard', '--json')
  const { loginUrl } = JSON.parse(printed.out) as { loginUrl: string }
  const first = await stage.stranger()
  await first.page.goto(loginUrl)
  await shown(first.page, 'Overview')
  expect(first.page.url()).toBe(stage.url('/'))
  const [cookie] = await first.context.cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' })
  // The one who is in may open it again; nobody else may.
  await first.page.goto(loginUrl)
  await shown(first.page, 'Overview')
  const second = await stage.stranger()
  const refused = await second.page.goto(loginUrl)
  expect(refused?.status()).toBe(401)
  await second.page.getByText('ottugi dashboard', { exact: false }).first().waitFor()
  expect(await second.context.cookies()).toEqual([])
  expect(first.problems).toEqual([])
})

it('signs in with a token that is typed, refuses another one, and signs out for good', async () => {
  const { page, context } = await stage.stranger()
  await page.goto(stage.url('/incidents'))
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
  expect(await axe(page)).toEqual([])
  await page.getByLabel('Token').fill('ottugi-admin-guessed')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('This token is not known here').waitFor()
  await page.getByLabel('Token').fill(token('OTTUGI_TOKEN'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await shown(page, 'Incidents')
  const kept = await context.cookies()
  await page.getByRole('button', { name: 'Language, Colours' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
  expect(await context.cookies()).toEqual([])
  // A copy of the cookie is worth nothing any more.
  await context.addCookies(kept)
  const answer = await context.request.get(stage.url('/api/me'))
  expect(answer.status()).toBe(401)
})

it('takes no order from another origin', async () => {
  const { context } = await stage.visit('/')
  const headers = { origin: 'http://evil.example' }
  const answer = await context.request.post(stage.url('/api/actions/restart'), { headers, data: {} })
  expect(answer.status()).toBe(403)
})
