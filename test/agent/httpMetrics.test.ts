import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { metricsRoute } from '../../src/agent/http/metrics.ts'
import type { RunEventBody, ToolEnded } from '../../src/agent/journal/event.ts'
import type { Journal } from '../../src/agent/journal/journal.ts'
import { openSqliteJournal } from '../../src/agent/journal/sqliteJournal.ts'
import { readExposition } from '../shared/metrics/strictExposition.ts'

let folder: string
let journal: Journal
let end: () => Promise<unknown>
let scrape: () => Promise<ReturnType<typeof readExposition>>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-metrics-'))
  journal = openSqliteJournal(join(folder, 'agent.db'))
  const app = express().get('/metrics', metricsRoute({ journal, runs: { liveCount: () => 2 } as never }))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`
  scrape = async () => readExposition(await (await fetch(url)).text())
  end = () => new Promise((resolve) => server.close(resolve))
})
afterEach(async () => {
  await end()
  journal.close()
  rmSync(folder, { recursive: true, force: true })
})

const answer = (text: string | null, latencyMs: number): RunEventBody => ({
  type: 'model_answered',
  data: {
    text,
    model: 'm',
    provider: 'p',
    usage: { inputTokens: 10, outputTokens: 3, cacheReadTokens: 2, cacheWriteTokens: 1 },
    costUsd: 0.25,
    latencyMs,
    stopReason: 'end_turn',
  },
})
const tool = (data: Partial<ToolEnded>): RunEventBody => ({
  type: 'tool_ended',
  data: { call: 'c', tool: 'read_file', ok: true, text: '', tookMs: 100, how: 'done', ...data },
})

it('tells everything that is worth a graph, in a form that a strict reader takes', async () => {
  const events = [
    answer('hello', 1_500),
    answer(null, 9_000),
    tool({}),
    tool({ ok: false, tookMs: 300 }),
    tool({ tool: 'shell', how: 'refused', ok: false, tookMs: 0 }),
    { type: 'run_ended', data: { finish: 'answered' } } as const,
  ]
  for (const event of events) journal.append('r', 's', event)
  const families = await scrape()
  const values = (name: string) =>
    Object.fromEntries(
      families
        .get(name)
        ?.samples.map((sample) => [[sample.name, ...Object.values(sample.labels)].join(' '), sample.value]) ?? [],
    )
  expect([...families.keys()]).toEqual([
    'ottugi_process_start_time_seconds',
    'ottugi_process_resident_memory_bytes',
    'ottugi_process_heap_used_bytes',
    'ottugi_process_cpu_seconds_total',
    'ottugi_event_loop_delay_seconds',
    'ottugi_event_loop_utilization_ratio',
    'ottugi_runs_total',
    'ottugi_runs_active',
    'ottugi_runs_unfinished',
    'ottugi_model_calls_total',
    'ottugi_model_cost_usd_total',
    'ottugi_model_answers_total',
    'ottugi_model_tokens_total',
    'ottugi_model_latency_seconds',
    'ottugi_tool_calls_total',
    'ottugi_tool_duration_seconds',
    'ottugi_journal_events_total',
  ])
  expect({
    ...values('ottugi_runs_total'),
    ...values('ottugi_model_cost_usd_total'),
    ...values('ottugi_model_answers_total'),
    ...values('ottugi_model_latency_seconds'),
    ...values('ottugi_tool_calls_total'),
    ...values('ottugi_tool_duration_seconds'),
  }).toEqual({
    'ottugi_runs_total answered': 1,
    ottugi_model_cost_usd_total: 0.5,
    'ottugi_model_answers_total p/m answered': 1,
    'ottugi_model_answers_total p/m failed': 1,
    'ottugi_model_latency_seconds_sum p/m': 1.5,
    'ottugi_model_latency_seconds_count p/m': 1,
    'ottugi_tool_calls_total read_file done': 1,
    'ottugi_tool_calls_total read_file failed': 1,
    'ottugi_tool_calls_total shell refused': 1,
    'ottugi_tool_duration_seconds_sum read_file': 0.4,
    'ottugi_tool_duration_seconds_count read_file': 2,
  })
  expect(values('ottugi_model_tokens_total')).toMatchObject({ 'ottugi_model_tokens_total p/m input': 20 })
})

it('stays small and readable when a model invents names of tools', async () => {
  for (let number = 0; number < 220; number++) {
    journal.append('r', 's', tool({ tool: `"} 1\n# TYPE ottugi_x ${number}\\`, how: 'invalid', ok: false }))
  }
  const tools = (await scrape()).get('ottugi_tool_calls_total')
  expect(tools?.samples).toHaveLength(201)
  expect(tools?.samples.at(-1)).toMatchObject({ labels: { tool: 'other', how: 'other' }, value: 20 })
})
