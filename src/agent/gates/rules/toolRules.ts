/** PURE. Tools that are judged by their name, and requests. */
import type { Rule } from '../rule.ts'

const get = (url: string, method = 'GET') => ({ tool: 'http_fetch', input: { url, method } })
const call = (tool: string, input: unknown = {}) => ({ tool, input })

function looks(tool: string): Rule {
  return {
    id: `tool.${tool}`,
    tool,
    match: { on: 'tool' },
    verdict: 'allow',
    group: 'look',
    reason: 'It only looks, or only speaks with you.',
    yes: [call(tool)],
    no: [call('run_python')],
  }
}

const LOOKING = ['ask_user', 'note', 'system_info', 'process_list', 'git_status', 'git_diff', 'git_log', 'web_search']

/** Which tools may be used, and where they may reach. */
export const TOOL_RULES: readonly Rule[] = [
  ...LOOKING.map(looks),
  {
    id: 'tool.commit',
    tool: 'git_commit',
    match: { on: 'tool' },
    verdict: 'ask',
    group: 'workspace',
    reason: 'A commit would be made in a repository of the workspace.',
    yes: [call('git_commit', { message: 'x' })],
    no: [call('git_log')],
  },
  {
    id: 'tool.program',
    tool: 'run_*',
    match: { on: 'tool' },
    verdict: 'ask',
    group: 'program',
    reason: 'A program would run that can do anything the sandbox lets it.',
    yes: [call('run_python', { code: '1' }), call('run_node', { code: '1' })],
    no: [call('git_commit')],
  },
  {
    id: 'web.private',
    tool: '*',
    match: { on: 'request', isPrivate: true, isListed: false },
    verdict: 'deny',
    group: 'network',
    isProtected: true,
    reason: 'The address is none of the public web: this machine, a private network, or no web address.',
    yes: [
      get('http://127.0.0.1/'),
      get('http://169.254.169.254/latest'),
      get('http://[::ffff:10.0.0.1]/'),
      get('http://2130706433/'),
      get('file:///etc/passwd'),
      get('http://localhost:80'),
      get('https://a:b@example.com'),
      get('nonsense'),
      'curl http://10.0.0.1',
    ],
    no: [get('https://example.com/')],
  },
  {
    id: 'web.listed',
    tool: '*',
    match: { on: 'request', methods: ['GET', 'HEAD'], isListed: true },
    verdict: 'allow',
    group: 'network',
    reason: 'The owner lets this host be read.',
    yes: [],
    no: [get('https://example.com/')],
  },
  {
    id: 'web.unlisted',
    tool: '*',
    match: { on: 'request', methods: ['GET', 'HEAD', 'SHELL'], isListed: false },
    verdict: 'ask',
    group: 'network',
    reason: 'The host is not in the list gates.hosts.',
    yes: [get('https://example.com/'), get('https://example.com/', 'HEAD'), 'curl https://example.com'],
    no: [get('https://example.com/', 'POST')],
  },
  {
    id: 'web.sends',
    tool: '*',
    match: { on: 'request', methods: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', ''] },
    verdict: 'ask',
    group: 'network',
    reason: 'It sends something out.',
    yes: [get('https://example.com/', 'POST'), get('https://example.com/', 'delete')],
    no: [get('https://example.com/')],
  },
]
