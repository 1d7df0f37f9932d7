/** Tools with paths and addresses, the owner's rules, the modes, and what becomes of a question that nobody can answer. */
import { describe, expect, it } from 'vitest'
import { createGates, withMode } from '../../../src/agent/gates/createGates.ts'
import type { Rule } from '../../../src/agent/gates/rule.ts'
import { build, called, shell, WORKSPACE } from './build.ts'

const gates = build({ hosts: ['docs.example.com', '*.wiki.example'] }, { folders: ['/srv/photos', '/srv/notes:rw'] })
const verdictOf = (tool: string, input: unknown) => gates.judge(called(tool, input)).verdict

const PATHS: readonly (readonly [path: string, read: string, write: string])[] = [
  ['a.txt', 'allow', 'ask'],
  ['./a.txt', 'allow', 'ask'],
  ['a/b/../c.txt', 'allow', 'ask'],
  [`${WORKSPACE}/a.txt`, 'allow', 'ask'],
  ['메모.md', 'allow', 'ask'],
  ['.', 'allow', 'deny'],
  [`${WORKSPACE}/`, 'allow', 'deny'],
  ['a/..', 'allow', 'deny'],
  ['..', 'deny', 'deny'],
  ['../.env', 'deny', 'deny'],
  ['../data/agent.db', 'deny', 'deny'],
  ['../workspace2/a', 'deny', 'deny'],
  [`${WORKSPACE}x/a`, 'deny', 'deny'],
  ['a/../../x', 'deny', 'deny'],
  ['/', 'deny', 'deny'],
  ['/etc/passwd', 'deny', 'deny'],
  ['/proc/self/environ', 'deny', 'deny'],
  ['/dev/sda', 'deny', 'deny'],
  ['/usr/bin/env', 'deny', 'deny'],
  ['~', 'deny', 'deny'],
  ['~/.bashrc', 'deny', 'deny'],
  ['a\0/../../etc/passwd', 'deny', 'deny'],
  ['.env', 'deny', 'deny'],
  ['sub/.env.local', 'deny', 'deny'],
  ['.ENV', 'deny', 'deny'],
  ['.envrc', 'deny', 'deny'],
  ['.env.example', 'allow', 'ask'],
  ['id_rsa', 'deny', 'deny'],
  ['id_rsa.pub', 'allow', 'ask'],
  ['.ssh/known_hosts', 'deny', 'deny'],
  ['.aws/credentials', 'deny', 'deny'],
  ['server.key', 'deny', 'deny'],
  ['cert.pem', 'deny', 'deny'],
  ['.netrc', 'deny', 'deny'],
  ['credentials.json', 'ask', 'ask'],
  ['api-key.txt', 'ask', 'ask'],
  ['passwords.txt', 'ask', 'ask'],
  ['src/token.ts', 'allow', 'ask'],
  ['keyboard.md', 'allow', 'ask'],
  ['.git/config', 'allow', 'deny'],
  ['sub/.git/hooks/pre-commit', 'allow', 'deny'],
  ['.GIT/config', 'allow', 'deny'],
  ['.gitignore', 'allow', 'ask'],
  ['/srv/photos/a.jpg', 'allow', 'deny'],
  ['/srv/photos', 'allow', 'deny'],
  ['/srv/photosx/a', 'deny', 'deny'],
  ['/srv/photos/../x', 'deny', 'deny'],
  ['/srv/notes/a.md', 'allow', 'ask'],
  ['/srv/notes/.git/config', 'allow', 'deny'],
]

const ADDRESSES: readonly (readonly [url: string, get: string, post: string])[] = [
  ['https://docs.example.com/a', 'allow', 'ask'],
  ['https://a.wiki.example/x', 'allow', 'ask'],
  ['https://wiki.example/x', 'ask', 'ask'],
  ['https://docs.example.com.evil.example/', 'ask', 'ask'],
  ['https://evil.example/docs.example.com', 'ask', 'ask'],
  ['https://DOCS.example.com./a', 'allow', 'ask'],
  ['https://example.org/', 'ask', 'ask'],
  ['http://93.184.216.34/', 'ask', 'ask'],
  ['http://localhost/', 'deny', 'deny'],
  ['http://127.0.0.1:7710/', 'deny', 'deny'],
  ['http://127.1/', 'deny', 'deny'],
  ['http://0x7f000001/', 'deny', 'deny'],
  ['http://2130706433/', 'deny', 'deny'],
  ['http://017700000001/', 'deny', 'deny'],
  ['http://0.0.0.0/', 'deny', 'deny'],
  ['http://10.1.2.3/', 'deny', 'deny'],
  ['http://172.16.0.1/', 'deny', 'deny'],
  ['http://192.168.0.1/', 'deny', 'deny'],
  ['http://100.64.0.1/', 'deny', 'deny'],
  ['http://169.254.169.254/latest/meta-data', 'deny', 'deny'],
  ['http://[::1]/', 'deny', 'deny'],
  ['http://[::ffff:127.0.0.1]/', 'deny', 'deny'],
  ['http://[::ffff:a9fe:a9fe]/', 'deny', 'deny'],
  ['http://[64:ff9b::7f00:1]/', 'deny', 'deny'],
  ['http://[2002:7f00:1::]/', 'deny', 'deny'],
  ['http://[fd00::1]/', 'deny', 'deny'],
  ['http://[fe80::1]/', 'deny', 'deny'],
  ['http://[2606:4700::1]/', 'ask', 'ask'],
  ['http://router/', 'deny', 'deny'],
  ['http://nas.local/', 'deny', 'deny'],
  ['http://metadata.google.internal/', 'deny', 'deny'],
  ['file:///etc/passwd', 'deny', 'deny'],
  ['ftp://example.org/', 'deny', 'deny'],
  ['javascript:alert(1)', 'deny', 'deny'],
  ['https://user:pass@docs.example.com/', 'deny', 'deny'],
  ['', 'deny', 'deny'],
  ['docs.example.com', 'deny', 'deny'],
]

it.each(PATHS)('path %j: reading is %s, writing is %s', (path, read, write) => {
  expect([verdictOf('read_file', { path }), verdictOf('write_file', { path, content: 'x' })]).toEqual([read, write])
  expect([verdictOf('grep', { pattern: 'x', path }), verdictOf('edit_file', { path })]).toEqual([read, write])
})

it.each(ADDRESSES)('address %j: GET is %s, POST is %s', (url, get, post) => {
  expect([verdictOf('http_fetch', { url }), verdictOf('http_fetch', { url, method: 'POST' })]).toEqual([get, post])
  expect(verdictOf('http_fetch', { url, body: 'x' })).toBe(post)
  expect(verdictOf('http_post', { url })).toBe(post)
})

it('judges the other tools by what they do', () => {
  const verdicts = (tools: readonly string[], input: unknown = {}) => tools.map((tool) => verdictOf(tool, input))
  const looking = [
    'list_dir',
    'git_status',
    'git_log',
    'git_diff',
    'system_info',
    'process_list',
    'note',
    'ask_user',
    'web_search',
  ]
  expect(new Set(verdicts(looking))).toEqual(new Set(['allow']))
  expect(
    new Set(
      verdicts(['git_commit', 'run_python', 'run_node', 'unknown_tool', 'READ_FILE', 'toString', '__proto__', '']),
    ),
  ).toEqual(new Set(['ask']))
  expect(verdicts(['git_log', 'git_commit', 'run_python', 'unknown_tool'], { path: '/etc' })).toEqual([
    'deny',
    'deny',
    'deny',
    'deny',
  ])
  expect(verdicts(['glob'], { pattern: '**/*.ts' })).toEqual(['allow'])
  expect(verdicts(['glob'], { pattern: '../**' })).toEqual(['deny'])
  expect(verdicts(['glob'], { pattern: '/etc/*' })).toEqual(['deny'])
  expect(verdicts(['sqlite_query'], { database: '../data/agent.db', sql: 'select 1' })).toEqual(['deny'])
  expect(verdicts(['shell'], { command: 'ls', cwd: '/etc' })).toEqual(['deny'])
})

it.each([undefined, null, 7, 'ls', [], {}, { command: 7 }, { path: {} }, { command: '' }])(
  'answers for the input %j',
  (input) => {
    for (const tool of ['shell', 'read_file', 'http_fetch', 'x'])
      expect(['allow', 'ask', 'deny']).toContain(verdictOf(tool, input))
    expect(verdictOf('shell', input)).toBe('deny')
  },
)

describe('modes', () => {
  const CALLS = [
    shell('ls'),
    shell('touch a'),
    called('write_file', { path: 'a' }),
    called('git_commit', {}),
    shell('npm test'),
    shell('curl https://example.org'),
    shell('rm -rf $X'),
    called('read_file', { path: '.env' }),
  ]
  const verdicts = (mode: Parameters<typeof withMode>[1]) =>
    CALLS.map((call) => withMode(gates, mode).judge(call).verdict)

  it('decide how much is asked, and loosen no refusal', () => {
    expect(verdicts('read-only')).toEqual(['allow', 'deny', 'deny', 'deny', 'deny', 'deny', 'deny', 'deny'])
    expect(verdicts('ask')).toEqual(['allow', 'ask', 'ask', 'ask', 'ask', 'ask', 'deny', 'deny'])
    expect(verdicts('workspace-write')).toEqual(['allow', 'allow', 'allow', 'allow', 'ask', 'ask', 'deny', 'deny'])
    expect(verdicts('all')).toEqual(['allow', 'allow', 'allow', 'allow', 'allow', 'allow', 'deny', 'deny'])
    expect(verdicts('none')).toEqual(verdicts('ask'))
    expect(verdicts('safe')).toEqual(verdicts('workspace-write'))
  })

  it('refuse what would be asked where nobody can answer, and say how to allow it', () => {
    const verdict = gates.judge(called('git_commit', {}, { attended: false }))
    expect(verdict).toMatchObject({ verdict: 'deny', rule: 'tool.commit' })
    expect(verdict.reason).toContain('gates.rules')
    expect(gates.judge(shell('ls', { attended: false }))).toMatchObject({ verdict: 'allow' })
    expect(withMode(gates, 'safe').judge(shell('touch a', { attended: false }))).toMatchObject({ verdict: 'allow' })
    expect(withMode(gates, 'safe').judge(shell('npm test', { attended: false }))).toMatchObject({ verdict: 'deny' })
  })
})

describe('the owner’s rules', () => {
  const rule = (tool: string, match: string, verdict: 'allow' | 'ask' | 'deny') => ({
    tool,
    match,
    verdict,
    reason: 'ours',
  })
  const judged = (rules: ReturnType<typeof rule>[], call: ReturnType<typeof called>) =>
    build({ rules }).judge(call).verdict

  it('let through what would be asked, for exactly these words', () => {
    const rules = [rule('shell', 'npm test', 'allow'), rule('shell', 'npm run *', 'allow')]
    const verdicts = [
      'npm test',
      'npm run build',
      'npm run build -- --x',
      'timeout 60 npm test',
      'npm test --foo',
      'npm install',
      'npm run',
    ]
    expect(verdicts.map((command) => judged(rules, shell(command)))).toEqual([
      'allow',
      'allow',
      'allow',
      'allow',
      'ask',
      'ask',
      'allow',
    ])
    const more = [
      'npm test; touch a',
      'npm test > out',
      'npm run $X',
      'A=1 npm test',
      'npm test && sudo ls',
      'PATH=. npm test',
    ]
    expect(more.map((command) => judged(rules, shell(command)))).toEqual(['ask', 'ask', 'ask', 'ask', 'deny', 'deny'])
  })

  it('refuse and ask, also inside of wrappers, in every mode', () => {
    const rules = [rule('shell', 'ls *', 'deny'), rule('write_file', 'notes/**', 'ask'), rule('*', 'docs/**', 'deny')]
    expect(judged(rules, shell('sh -c "nice ls a"'))).toBe('deny')
    expect(judged(rules, called('read_file', { path: 'docs/a/b.md' }))).toBe('deny')
    const all = withMode(build({ rules }), 'all')
    expect(all.judge(called('write_file', { path: 'notes/a.md' })).verdict).toBe('ask')
    expect(all.judge(called('write_file', { path: 'other.md' })).verdict).toBe('allow')
  })

  it('let through hosts, paths, and what is refused only as unwise', () => {
    expect(
      judged(
        [rule('http_*', '*.example.org', 'allow')],
        called('http_fetch', { url: 'https://a.example.org/', method: 'POST' }),
      ),
    ).toBe('allow')
    expect(judged([rule('write_file', 'notes/**', 'allow')], called('write_file', { path: 'notes/a/b.md' }))).toBe(
      'allow',
    )
    expect(judged([rule('read_file', '.env', 'allow')], called('read_file', { path: '.env' }))).toBe('allow')
    expect(judged([rule('shell', 'git push --force', 'allow')], shell('git push --force'))).toBe('allow')
    expect(judged([rule('shell', '*', 'allow')], shell('X=1 make > out; echo $(ls)'))).toBe('allow')
  })

  const PROTECTED = [
    'sudo ls',
    'su',
    'rm -rf /',
    'cat /etc/shadow',
    'cat ../.env',
    'ls > ~/x',
    'ottugi stop',
    'npx ottugi stop',
    'mount a b',
    'chown a b',
    'chmod 4755 a',
    'systemctl stop a',
    'crontab -l',
    'docker ps',
    '$X',
    'sh -c "$X"',
    'echo $(',
    'PATH=. ls',
    'ls > $X',
    'curl http://127.0.0.1',
    'cat < /dev/tcp/a/1',
    'rm -rf $X',
    'ls \u202e',
  ]

  it.each(PROTECTED)('never let through %j', (command) => {
    const rules = [
      rule('*', '*', 'allow'),
      rule('shell', command.replace(/\s+/g, ' '), 'allow'),
      rule('shell', '*', 'allow'),
    ]
    expect(withMode(build({ rules }), 'all').judge(shell(command)).verdict).toBe('deny')
  })

  it('never let through our own files', () => {
    const rules = [rule('*', '*', 'allow'), rule('*', '**', 'allow')]
    for (const path of ['../.env', '../data/always.json', '/etc/passwd', '~/x', '/usr/bin/x']) {
      for (const tool of ['read_file', 'write_file']) expect(judged(rules, called(tool, { path }))).toBe('deny')
    }
  })
})

describe('rules that do not hold', () => {
  const bad = (change: Partial<Rule>): string => {
    const rule: Rule = {
      id: 'x',
      tool: 'shell',
      match: { on: 'command', programs: ['ls'] },
      verdict: 'allow',
      group: 'look',
      reason: 'x',
      yes: ['ls'],
      no: ['rm a'],
    }
    const settings = { mode: 'ask' as const, rules: [], hosts: [] }
    const built = createGates({
      settings,
      workspace: '/w',
      always: { permits: () => false, add: () => {} },
      rules: [{ ...rule, ...change }],
    })
    return built.ok ? '' : built.reason
  }

  it('keep the gates from being used, by value', () => {
    expect(bad({})).toBe('')
    expect(bad({ yes: ['rm a'] })).toBe('the gates do not hold: x does not speak of "rm a"')
    expect(bad({ no: ['ls a'] })).toBe('the gates do not hold: x speaks of "ls a"')
  })
})
