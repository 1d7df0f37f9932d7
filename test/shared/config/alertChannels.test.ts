import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkSettingsText } from '../../../src/shared/config/load.ts'
import { readOverrides } from '../../../src/shared/config/overrides.ts'
import { formatProblem } from '../../../src/shared/config/problem.ts'
import { appRoot } from '../../../src/shared/paths.ts'

function problemsOf(channels: unknown): string[] {
  const checked = checkSettingsText(`alerts:\n  channels: ${JSON.stringify(channels)}\n`)
  return checked.ok ? [] : checked.problems.map((problem) => `${problem.key}: ${formatProblem(problem, 'en')}`)
}

const MAIL = { type: 'email', name: 'm', host: 'mail.example.org', from: 'a@example.org', to: ['b@example.org'] }

describe('a list of channels', () => {
  it.each([
    ['an unknown type', [{ type: 'ntfi', name: 'a' }], 'alerts.channels.0.type'],
    ['no name', [{ type: 'ntfy' }], 'alerts.channels.0.name'],
    ['a name that could be an option', [{ type: 'ntfy', name: '--a' }], 'alerts.channels.0.name'],
    ['an unknown field', [{ type: 'ntfy', name: 'a', topic: 'x' }], 'alerts.channels.0.topic'],
    [
      'two of one name',
      [
        { type: 'ntfy', name: 'a' },
        { type: 'desktop', name: 'a' },
      ],
      'alerts.channels',
    ],
    ['mail in clear to another machine', [{ ...MAIL, tls: 'none' }], 'alerts.channels'],
    ['a header in an address', [{ ...MAIL, to: ['b@example.org\nBcc: c@example.org'] }], 'alerts.channels'],
    [
      'a template without its format',
      [{ type: 'webhook', name: 'a', urlVariable: 'U', template: '{}' }],
      'alerts.channels',
    ],
    [
      'the format without a template',
      [{ type: 'webhook', name: 'a', urlVariable: 'U', format: 'template' }],
      'alerts.channels',
    ],
    [
      'a token of ours as a secret to send',
      [{ type: 'ntfy', name: 'a', tokenVariable: 'OTTUGI_TOKEN' }],
      'alerts.channels.0.tokenVariable',
    ],
    ['an empty command', [{ type: 'exec', name: 'a', command: [] }], 'alerts.channels.0.command'],
  ])('is refused with %s', (_, channels, key) => {
    const [first = '', ...more] = problemsOf(channels)
    expect(more).toEqual([])
    expect(first.startsWith(`${key}: `)).toBe(true)
  })

  it('never shows what was written where the name of a secret belongs', () => {
    const said = problemsOf([
      { type: 'webhook', name: 'a', urlVariable: 'https://hooks.example.org/T0/hunter2' },
    ]).join()
    expect(said).toContain('alerts.channels.0.urlVariable')
    expect(said).not.toContain('hunter2')
  })

  it('may come from a variable', () => {
    const variables = { OTTUGI_ALERTS__CHANNELS: '[{type: desktop, name: screen}]' }
    expect(readOverrides({ where: 'environment', variables }).overrides).toMatchObject([
      { key: 'alerts.channels', value: [{ type: 'desktop', name: 'screen' }] },
    ])
  })

  it('is valid as the documentation shows it', () => {
    const documentation = readFileSync(join(appRoot, 'docs/alerts.md'), 'utf8')
    const [example = '', template = ''] = [...documentation.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text)
    expect(checkSettingsText(example)).toMatchObject({ ok: true })
    expect(problemsOf(parse(template))).toEqual([])
    for (const key of ['quietFrom', 'reminderMs', 'escalateMs', 'deadManVariable'])
      expect(documentation).toContain(`alerts.${key}`)
  })
})
