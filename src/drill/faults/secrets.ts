/** Row 12: the model's key is missing, or refused by its provider. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../../shared/identity.ts'
import { appRoot } from '../../shared/paths.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { type FakeProvider, startFakeProvider } from '../fakeProvider.ts'
import type { Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'
import { ask, health, useProvider } from './agentApi.ts'
import { degradedWhen, expectNobodyNeeded, expectOneOfEach } from './wholeAgain.ts'

const VARIABLE = 'ANTHROPIC_API_KEY'
const RIGHT_KEY = 'sk-ant-drill-right-5f1c8e0b7a2d'
const WRONG_KEY = 'sk-ant-drill-wrong-93ab04d6c1e7'

/** `ottugi config secret set`, with the value on stdin: an argument would show in the list of processes. */
async function setSecret({ paths }: Ring, value: string): Promise<void> {
  const words = ['--home', paths.home, 'config', 'secret', 'set', VARIABLE]
  const child = spawn(process.execPath, [join(appRoot, 'src', 'cli', 'main.ts'), ...words], {
    env: { HOME: paths.home, LANG: 'C.UTF-8' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.end(`${value}\n`)
  const code = await new Promise((resolve) => child.once('exit', resolve))
  expectThat(code === 0, `the key to be set, got ${code}`)
}

/** Says which variable, in the status; the trouble is the model's and nothing else's. */
async function expectKeyNamed(ring: Ring): Promise<void> {
  const said = await degradedWhen(ring, `${VARIABLE} to be named`, (sentences) =>
    sentences.some((sentence) => sentence.includes(VARIABLE)),
  )
  expectThat(said.length === 1, `the key to be all that is amiss, got ${said.join(' | ')}`)
}

/** Nothing that is written down or shown holds any of the keys. */
async function expectNeverTold(ring: Ring): Promise<void> {
  const shown = [
    await ring.ottugi('status', '--json'),
    await ring.ottugi('incidents', '--json'),
    await ring.ottugi('doctor'),
  ]
  const { logs, data, alerts, run, pm2 } = ring.paths
  const written = [logs, data, alerts, run, pm2]
    .flatMap(filesBelow)
    .map((path) => [path, readFileSync(path, 'latin1')] as const)
  const texts = [...shown.map(({ out, err }) => ['a command', `${out}${err}`] as const), ...written]
  for (const [where, text] of texts) {
    expectThat(!text.includes(RIGHT_KEY) && !text.includes(WRONG_KEY), `no key in ${where}`)
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Sets the right key, and measures how long the agent goes on to complain. No restart in between. */
async function setRightKey({ ring }: Stage, agent: { pid: number; startTicks: number }): Promise<number> {
  await setSecret(ring, RIGHT_KEY)
  // The command goes on for a moment after it has written the file.
  const setAt = statSync(ring.paths.env).mtimeMs
  await waitFor(
    'the agent to be content',
    20_000,
    async () => (await health(ring)).checks['model']?.status === 'pass' || undefined,
  )
  const healedMs = Date.now() - setAt
  const { status, body } = await ask(ring, 'are you there?')
  expectThat(status === 200 && body.text === 'echo: are you there?', `an answer, got ${status} ${body.detail}`)
  expectThat(isAlive(agent), 'the same process to go on')
  await degradedWhen(ring, 'nothing to be amiss', (sentences) => sentences.length === 0)
  return healedMs
}

/** Both faults: a restarted agent at the provider's address, the fault as `expectFault` sees it, and the right key. */
async function drillKey(
  stage: Stage,
  urlOf: (provider: FakeProvider) => string,
  expectFault: (ring: Ring) => Promise<void>,
): Promise<Measured> {
  const { ring, client } = stage
  await client.stop()
  const provider = await startFakeProvider(RIGHT_KEY)
  try {
    const agent = await useProvider(ring, stage.agent, urlOf(provider))
    await expectFault(ring)
    await expectKeyNamed(ring)
    const healedMs = await setRightKey(stage, agent)
    await expectNeverTold(ring)
    const incidents = await ring.incidents()
    expectThat(incidents.length === 0, `no incident, got ${incidents.map(({ fault }) => fault).join(', ')}`)
    await expectOneOfEach(ring)
    await expectNobodyNeeded(ring)
    return { healedMs, downMs: null, failedRequests: 0 }
  } finally {
    await provider.close()
  }
}

const keyMissing: Drill = {
  id: 'key-missing',
  row: 12,
  title: 'no key for the model',
  run: (stage) =>
    drillKey(
      stage,
      ({ foreignUrl }) => foreignUrl,
      async (ring) => {
        const { status, body } = await ask(ring, 'are you there?')
        expectThat(
          status === 503 && body.detail?.includes(VARIABLE) === true,
          `a refusal that names ${VARIABLE}, got ${status}`,
        )
      },
    ),
}

const keyRefused: Drill = {
  id: 'key-refused',
  row: 12,
  title: 'the provider refuses the key (401)',
  options: { env: [`${VARIABLE}=${WRONG_KEY}`] },
  run: (stage) =>
    drillKey(
      stage,
      ({ url }) => url,
      async (ring) => {
        const { status, body } = await ask(ring, 'are you there?')
        expectThat(
          status === 503 && body.detail?.includes(VARIABLE) === true,
          `a refusal that names ${VARIABLE}, got ${status}`,
        )
      },
    ),
}

/** Row 12. */
export const SECRET_DRILLS: readonly Drill[] = [keyMissing, keyRefused]
