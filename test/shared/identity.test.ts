/** Processes as the kernel tells them, and identities that a reused pid does not fool. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { isAlive, isIdentity, ownIdentity, sameProcess, signalIdentity, stateOf } from '../../src/shared/identity.ts'
import { listPids, readCommandLine, readStat, socketInodes } from '../../src/shared/procfs.ts'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A living process that said `ready`, and its identity. */
async function living(program = "console.log('ready'); setInterval(() => {}, 1000)", detached = false) {
  const child = spawn(process.execPath, ['-e', program], { detached, stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
  await once(child.stdout, 'data')
  const pid = child.pid ?? 0
  return { child, identity: { pid, startTicks: readStat(pid)?.startTicks ?? 0, nonce: 'n' } }
}

async function state(identity: { pid: number; startTicks: number }, wanted: string): Promise<void> {
  while (stateOf(identity) !== wanted) await new Promise((resolve) => setImmediate(resolve))
}

describe('a process', () => {
  it('is read from the kernel', () => {
    expect(readStat(process.pid)).toMatchObject({ pid: process.pid, parentPid: process.ppid })
    expect(readStat(process.pid)?.startTicks).toBeGreaterThan(0)
    expect(listPids()).toContain(process.pid)
    expect(readStat(4_194_303)).toBeUndefined()
    expect(readCommandLine(4_194_303)).toBe('')
  })

  it('may have any name: brackets and spaces do not shift the fields', async () => {
    const program = "process.title = 'a) R 1 1 (b'; console.log('ready'); setInterval(() => {}, 1000)"
    const { child, identity } = await living(program)
    expect(readStat(identity.pid)).toMatchObject({ parentPid: process.pid, startTicks: identity.startTicks })
    expect(readStat(identity.pid)?.state).toMatch(/^[SRD]$/)
    expect(child.exitCode).toBeNull()
  })

  it('shows the sockets that it has open', async () => {
    const before = socketInodes(process.pid)
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    expect(socketInodes(process.pid).length).toBeGreaterThan(before.length)
    server.close()
    expect(socketInodes(4_194_303)).toEqual([])
  })
})

describe('an identity', () => {
  it('is drawn once', () => {
    expect(ownIdentity()).toBe(ownIdentity())
    expect(isAlive(ownIdentity())).toBe(true)
    expect(ownIdentity().nonce).toMatch(/^[0-9a-f]{16}$/)
  })

  it.each([
    null,
    'x',
    42,
    {},
    { pid: 1, startTicks: 1, nonce: 'n' },
    { pid: 2.5, startTicks: 1, nonce: 'n' },
    { pid: 9, startTicks: 1 },
  ])('%j is none', (value) => {
    expect(isIdentity(value)).toBe(false)
  })

  it('does not live in another process of the same pid, and is never signalled there', async () => {
    const { child, identity } = await living()
    const reused = { ...identity, startTicks: identity.startTicks + 1 }
    expect([isAlive(identity), isAlive(reused), sameProcess(identity, reused)]).toEqual([true, false, false])
    expect(stateOf(reused)).toBeUndefined()
    expect(signalIdentity(reused, 'SIGKILL')).toBe(false)
    expect(signalIdentity(identity, 'SIGKILL')).toBe(true)
    await once(child, 'exit')
    expect(signalIdentity(identity, 'SIGKILL')).toBe(false)
  })

  it('is dead as a zombie', async () => {
    // The shell becomes a sleep, which collects no children: only then may the child end.
    const shell = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1001'], { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(shell)
    const [said] = await once(shell.stdout, 'data')
    const pid = Number(String(said).trim())
    const startTicks = readStat(pid)?.startTicks ?? 0
    while (readCommandLine(shell.pid ?? 0).startsWith('sh')) await new Promise((resolve) => setImmediate(resolve))
    process.kill(pid, 'SIGKILL')
    await state({ pid, startTicks }, 'Z')
    expect(isAlive({ pid, startTicks })).toBe(false)
    expect(signalIdentity({ pid, startTicks }, 'SIGKILL')).toBe(false)
  })

  it('shows that it is stopped, and goes on', async () => {
    const { identity } = await living()
    signalIdentity(identity, 'SIGSTOP')
    await state(identity, 'T')
    expect(isAlive(identity)).toBe(true)
    signalIdentity(identity, 'SIGCONT')
    await state(identity, 'S')
  })

  it('takes its group with it where it leads one', async () => {
    const program = `const { spawn } = require('node:child_process')
      const child = spawn('sleep', ['1000'], { stdio: 'ignore' })
      console.log(child.pid); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(child)
    const [said] = await once(child.stdout, 'data')
    const grandchild = { pid: Number(String(said).trim()), startTicks: 0 }
    const inside = { ...grandchild, startTicks: readStat(grandchild.pid)?.startTicks ?? 0 }
    const leader = { pid: child.pid ?? 0, startTicks: readStat(child.pid ?? 0)?.startTicks ?? 0 }
    expect(signalIdentity(leader, 'SIGKILL', true)).toBe(true)
    await once(child, 'exit')
    while (isAlive(inside)) await new Promise((resolve) => setImmediate(resolve))
  })
})
