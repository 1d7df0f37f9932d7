/** Nothing crosses sessions: a canary that one session leaves wherever it can is looked for by another one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSandboxHome, type SandboxHome } from './support.ts'

let home: SandboxHome
beforeAll(async () => {
  process.env['OTTUGI_TEST_SECRET'] = 'canary-of-the-agent'
  home = await openSandboxHome()
})
afterAll(() => {
  delete process.env['OTTUGI_TEST_SECRET']
  return home.leave()
})

const LEAVE = `
  state.canary = 'canary'
  process.env.CANARY = 'canary'
  fs.writeFileSync('/tmp/canary', 'canary')
  childProcess.spawn('/usr/bin/sleep', ['7401'], { argv0: 'canary', detached: true }).unref()
  net.createServer().listen('\\0canary')
  return 'left'`

const FIND = `
  const pids = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name))
  const names = pids.map((pid) => { try { return fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8') } catch { return '' } })
  const socket = await new Promise((say) => net.connect('\\0canary').on('connect', () => say('connected')).on('error', () => say('none')))
  return { global: state.canary ?? null, env: process.env.CANARY ?? null, tmp: fs.readdirSync('/tmp').filter((name) => !context.workspace.includes(name)), named: names.filter((name) => name.startsWith('canary')).length, socket }`

const NOTHING = { global: null, env: null, tmp: [], named: 0, socket: 'none' }

describe('a session', () => {
  it.each(['js', 'js_program'])('finds nothing of another one (%s)', async (tool) => {
    expect((await home.run(tool, { code: LEAVE }, { session: 'a' })).text).toBe('left')
    for (const session of ['b', 'c', 'b']) {
      expect(JSON.parse((await home.run(tool, { code: FIND }, { session })).text)).toEqual(NOTHING)
    }
  })

  it('keeps what is its own while its child lives', async () => {
    await home.run('js', { code: LEAVE }, { session: 'd' })
    const found = JSON.parse((await home.run('js', { code: FIND }, { session: 'd' })).text)
    expect(found).toMatchObject({ global: 'canary', tmp: ['canary'] })
  })

  it('keeps tools that run programs apart from those that do not', async () => {
    await home.run('js_program', { code: LEAVE }, { session: 'e' })
    expect(JSON.parse((await home.run('js', { code: FIND }, { session: 'e' })).text)).toEqual(NOTHING)
  })

  it('gets a clean child after its own was ended', async () => {
    await home.run('js', { code: LEAVE }, { session: 'f' })
    await home.run('js', { code: `process.exit(3)` }, { session: 'f' })
    expect(JSON.parse((await home.run('js', { code: FIND }, { session: 'f' })).text)).toEqual(NOTHING)
  })
})

describe('the environment inside', () => {
  const WANTED = ['HOME', 'LANG', 'LOGNAME', 'NO_COLOR', 'PATH', 'PWD', 'TMPDIR', 'USER']

  it('has the variables of the sandbox and none of ours', async () => {
    const names = JSON.parse((await home.js(`return Object.keys(process.env).sort()`, 0, 'env')).text)
    expect(names).toEqual(WANTED)
  })

  it('hands no more to programs', async () => {
    const { text } = await home.program(['/usr/bin/env'], 'env')
    const names = text.split('\n').flatMap((line) => (line.includes('=') ? [line.split('=')[0]] : []))
    expect(names.toSorted()).toEqual(WANTED)
  })

  it('hands no descriptor of ours, or of whoever started us, to the child and to programs', async () => {
    const code = `return fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd) } catch { return '' } }).filter((to) => to.startsWith('/') && to !== '/dev/null' && !to.startsWith('/proc/'))`
    expect((await home.js(code, 0, 'env')).text).toBe('[]')
    const { text } = await home.program(['/usr/bin/env', 'bash', '-c', 'readlink /proc/self/fd/*'], 'env')
    const targets = text.split('\n').filter((to) => to && !to.startsWith('[') && !to.startsWith('/proc/'))
    // Its own: nothing to read, and the two to write to.
    expect(targets.filter((to) => to !== '/dev/null' && !/^(socket|pipe):/.test(to))).toEqual([])
    expect(new Set(targets.filter((to) => /^(socket|pipe):/.test(to))).size).toBe(2)
  })
})
