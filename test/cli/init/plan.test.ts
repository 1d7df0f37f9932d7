/** What answers come to: only what differs, nothing of another provider, no secret in the settings. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answers, NotifyAnswer } from '../../../src/cli/init/answers.ts'
import type { Current } from '../../../src/cli/init/current.ts'
import { draftSettings, draftText } from '../../../src/cli/init/draft.ts'
import { amountIn, portIn } from '../../../src/cli/init/flagValues.ts'
import { isEmptyPlan, planOf } from '../../../src/cli/init/plan.ts'
import { checkSettingsText } from '../../../src/shared/config/load.ts'
import { PROVIDER_NAMES } from '../../../src/shared/config/providerTable.ts'

function currentOf(
  settingsText = '',
  secrets: Record<string, string> = {},
  channels: readonly unknown[] = [],
): Current {
  const checked = checkSettingsText(settingsText)
  if (!checked.ok) throw new Error('these settings are not valid')
  return { settings: checked.settings, settingsText, secrets: new Map(Object.entries(secrets)), channels }
}

const NTFY: NotifyAnswer = { type: 'ntfy', server: 'https://ntfy.sh', topic: 'hunter2-topic' }

describe('a plan', () => {
  it('is empty where everything is as it was answered', () => {
    const current = currentOf('budget:\n  dayUsd: 3\n', { ANTHROPIC_API_KEY: 'k' })
    const answers: Answers = { provider: 'anthropic', key: 'k', dayUsd: 3, dashboardPort: 7711, service: 'none' }
    const plan = planOf(answers, current)
    expect(plan).toEqual({ settings: [], secrets: [], service: undefined, start: false })
    expect(isEmptyPlan(plan)).toBe(true)
  })

  it('changes what was asked, and keeps every comment', () => {
    const text = '# mine\nbudget:\n  dayUsd: 3 # a day\n'
    const current = currentOf(text)
    const plan = planOf({ dayUsd: 7, language: 'ko' }, current)
    expect(draftText(current, plan)).toBe('# mine\nbudget:\n  dayUsd: 7 # a day\nlanguage: ko\n')
  })

  it('takes what was written for one provider away from another', () => {
    const text = 'model:\n  baseUrl: https://proxy.example.org\n  name: claude-x\n  keyVariable: MY_KEY\n'
    const current = currentOf(text)
    const plan = planOf({ provider: 'openai', key: 'sk-1' }, current)
    const draft = draftSettings(current, plan)
    expect(draft.ok && draft.settings.model).toMatchObject({
      ...{ provider: 'openai', baseUrl: 'https://api.openai.com/v1', keyVariable: 'OPENAI_API_KEY' },
    })
    expect(plan.secrets).toEqual([{ name: 'OPENAI_API_KEY', value: 'sk-1' }])
    expect(draftText(current, plan)).not.toContain('claude-x')
  })

  it('puts a channel beside the others, or in the place of its own', () => {
    const others = [{ type: 'webhook', name: 'chat', urlVariable: 'HOOK' }]
    const first = planOf({ notify: NTFY }, currentOf('', {}, others))
    const channel = { name: 'ntfy', type: 'ntfy', server: 'https://ntfy.sh' }
    expect(first.settings).toEqual([{ key: 'alerts.channels', value: [...others, channel] }])
    expect(first.secrets).toEqual([{ name: 'NTFY_TOPIC', value: 'hunter2-topic' }])
    const again = planOf({ notify: NTFY }, currentOf('', { NTFY_TOPIC: 'hunter2-topic' }, [...others, channel]))
    expect(isEmptyPlan(again)).toBe(true)
  })

  it.each<NotifyAnswer>([
    NTFY,
    { type: 'telegram', token: 'hunter2', chat: '12' },
    { type: 'webhook', url: 'https://hunter2.example.org', format: 'slack' },
    { ...{ type: 'email', host: 'm', port: 465, user: 'u', password: 'hunter2', from: 'a@b', to: 'c@d' } },
    { ...{ type: 'email', host: '127.0.0.1', port: 25, user: '', password: '', from: 'a@b', to: 'c@d' } },
  ])('writes valid settings without a secret: $type', (notify) => {
    const current = currentOf()
    const plan = planOf({ notify }, current)
    expect(draftSettings(current, plan)).toMatchObject({ ok: true })
    expect(draftText(current, plan)).not.toContain('hunter2')
  })

  it('does not start what a service starts', () => {
    expect(planOf({ service: 'user', start: true }, currentOf())).toMatchObject({ service: 'user', start: false })
    expect(planOf({ service: 'none', start: true }, currentOf())).toMatchObject({ service: undefined, start: true })
  })

  it('of any answers is valid, and done twice changes nothing more', () => {
    const answers = fc.record(
      {
        language: fc.constantFrom('auto', 'en', 'ko'),
        provider: fc.constantFrom(...PROVIDER_NAMES),
        dayUsd: fc.integer({ min: 0, max: 1_000 }),
        monthUsd: fc.integer({ min: 0, max: 1_000 }),
        dashboardPort: fc.integer({ min: 0, max: 65_535 }),
        notify: fc.constantFrom<NotifyAnswer>(NTFY, { type: 'none' }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(answers, (given) => {
        const current = currentOf()
        const plan = planOf(given, current)
        const text = draftText(current, plan)
        expect(checkSettingsText(text).ok).toBe(true)
        const channels =
          given.notify?.type === 'ntfy' ? [{ name: 'ntfy', type: 'ntfy', server: 'https://ntfy.sh' }] : []
        const secrets = Object.fromEntries(plan.secrets.map(({ name, value }) => [name, value]))
        expect(planOf(given, currentOf(text, secrets, channels)).settings).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})

it.each([
  ['5', 5],
  ['0.50', 0.5],
  [' 7 ', 7],
  ['-1', undefined],
  ['1e3', undefined],
  ['', undefined],
  ['five', undefined],
])('the amount %j is %s', (typed, amount) => {
  expect(amountIn(typed)).toBe(amount)
})

it.each([
  ['0', 0],
  ['65535', 65_535],
  ['65536', undefined],
  ['80x', undefined],
  ['', undefined],
])('the port %j is %s', (typed, port) => {
  expect(portIn(typed)).toBe(port)
})
