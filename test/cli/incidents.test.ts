/** `ottugi incidents ID` shows the whole evidence, and nothing in it reaches the terminal raw. */
import { mkdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Incident } from '../../src/shared/incident.ts'
import type { RecoveryResult } from '../../src/shared/recoveryResult.ts'
import { openWatchStore } from '../../src/watchdog/store.ts'
import { call, newHome } from './command.ts'

const INCIDENT: Incident = {
  id: 'I7',
  openedAt: '2026-11-20T21:00:00.000Z',
  closedAt: '2026-11-20T21:00:09.000Z',
  fault: 'disk-full',
  symptom: 'exited',
  tier: 'recovery',
  outcome: 'healed',
  downMs: 9_000,
  detectMs: 12,
  actions: [],
  modelCalls: 1,
  costUsd: 0.0123,
  human: null,
}
const RESULT: RecoveryResult = {
  ok: true,
  fault: 'disk-full',
  proposals: [
    {
      ...{ by: 'runbook', rule: 'R1', action: 'restart', args: { app: 'agent' }, verdict: 'refused', ok: false },
      ...{ reason: 'the agent is\u001b[2J well', undone: false, repairId: null },
    },
    {
      ...{ by: 'model', rule: null, action: 'prune_tmp', args: {}, verdict: 'allowed', ok: true },
      ...{ reason: 'room was needed', undone: false, repairId: 'r1' },
    },
    {
      ...{ by: 'model', rule: null, action: 'compress_logs', args: {}, verdict: 'allowed', ok: false },
      ...{ reason: 'nothing to compress', undone: true, repairId: 'r0' },
    },
  ],
  modelCalls: [
    {
      ...{ at: '2026-11-20T21:00:05.000Z', model: 'm', outcome: 'ok', inputTokens: 900, outputTokens: 40 },
      ...{ costUsd: 0.0123, latencyMs: 700 },
    },
  ],
  evidence: { signature: 'disk-full:1a2b', faultClass: 'disk-full', shown: 'free: <num> MiB\nENOSPC ×3' },
  approval: null,
  human: null,
  holdUntilMonoMs: null,
}

function homeWithOne() {
  const paths = newHome()
  mkdirSync(paths.data, { recursive: true, mode: 0o700 })
  const store = openWatchStore(paths.watchdogDb)
  store.saveIncident(INCIDENT)
  store.saveRecovery('I7', '2026-11-20T21:00:06.000Z', RESULT)
  store.saveRecovery('I8', '2026-11-20T21:00:06.000Z', RESULT)
  store.close()
  return paths
}

it('tells every proposal with its verdict, the model calls with their cost, and the masked evidence', async () => {
  const { home } = homeWithOne()
  const { out, code } = await call(['incidents', 'i7', '--home', home])
  expect(code).toBe(0)
  expect(out).toContain('Fault class: disk-full. Signature: disk-full:1a2b.')
  expect(out).toContain('R1 named restart {"app":"agent"}: refused.')
  expect(out).toContain('model named prune_tmp {}: done, and it held. room was needed')
  expect(out).toContain('model named compress_logs {}: tried, and undone.')
  expect(out).toContain('Model m: ok, 900 tokens in, 40 out, 0.0123 USD')
  expect(out).toContain('ENOSPC ×3')
  expect(out).not.toContain('\u001b[2J')
  const korean = await call(['incidents', 'I7', '--home', home], { environment: { LANG: 'ko_KR.UTF-8' } })
  expect(korean.out).toContain('시도했다가 되돌림')
})

it('gives all of it as JSON, and only its own', async () => {
  const { home } = homeWithOne()
  const { out } = await call(['incidents', 'I7', '--json', '--home', home])
  expect(JSON.parse(out)).toEqual({ ...INCIDENT, recoveries: [{ at: '2026-11-20T21:00:06.000Z', ...RESULT }] })
})
