/** The agent as its owner's programs use it: over HTTP, with the token that stands in `.env`. */
import { readEnvFile } from '../../shared/config/envFile.ts'
import type { HealthReport } from '../../shared/health.ts'
import type { RuntimeFile } from '../../shared/runtimeFile.ts'
import { tokensFrom } from '../../shared/tokens.ts'
import { expectThat } from '../drill.ts'
import type { Ring } from '../ring.ts'

/** An answer, or the problem that stands in its place. */
export type Answer = {
  readonly status: number
  readonly body: {
    readonly run?: string
    readonly text?: string
    readonly finish?: string | null
    readonly detail?: string
  }
}

/** Asks one question. */
export function ask(ring: Ring, message: string): Promise<Answer> {
  return post(ring, { message })
}

/** Asks one question under an id of ours: asked again, it is the same run. */
export function askAs(ring: Ring, id: string, message: string): Promise<Answer> {
  return post(ring, { id, message })
}

async function post(ring: Ring, body: object): Promise<Answer> {
  const headers = { ...bearer(ring), 'content-type': 'application/json' }
  const signal = AbortSignal.timeout(20_000)
  const init = { method: 'POST', headers, body: JSON.stringify(body), signal }
  const response = await fetch(`${urlOf(ring)}/api/chat`, init)
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

/** What the agent knows of a run. */
export async function runOf(ring: Ring, id: string): Promise<Answer> {
  const init = { headers: bearer(ring), signal: AbortSignal.timeout(5_000) }
  const response = await fetch(`${urlOf(ring)}/api/runs/${id}`, init)
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

/** Everything that the agent says of itself. */
export async function health(ring: Ring): Promise<HealthReport> {
  const response = await fetch(`${urlOf(ring)}/health`, { headers: bearer(ring), signal: AbortSignal.timeout(5_000) })
  return (await response.json()) as HealthReport
}

/** Points the agent at another provider, as its owner would: a setting, then a restart. */
export async function useProvider(ring: Ring, agent: RuntimeFile, url: string): Promise<RuntimeFile> {
  for (const words of [['config', 'set', 'model.baseUrl', url], ['restart']]) {
    const { code, err } = await ring.ottugi(...words)
    expectThat(code === 0, `ottugi ${words.join(' ')} to work, got ${code}: ${err}`)
  }
  return ring.nextAgent(agent)
}

function urlOf(ring: Ring): string {
  return ring.living('agent')?.url ?? ring.agentUrl
}

function bearer({ paths }: Ring): Record<string, string> {
  const env = readEnvFile(paths.env)
  const token = env.ok ? tokensFrom(env.variables).find(({ scope }) => scope === 'admin')?.token : undefined
  return { authorization: `Bearer ${token}` }
}
