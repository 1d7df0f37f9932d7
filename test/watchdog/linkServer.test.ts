import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownIdentity } from '../../src/shared/identity.ts'
import { createLineReader, encodeLine, LINK } from '../../src/shared/link.ts'
import { type LinkServer, type LinkState, listenForAgent, removeDeadSocket } from '../../src/watchdog/linkServer.ts'

let folder: string
let path: string
let server: LinkServer
let changes: (() => void)[]
const sockets: Socket[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-link-'))
  path = join(folder, 'link.sock')
  const own: (() => void)[] = []
  changes = own
  server = await listenForAgent(path, 60_000, () => {
    for (const look of own) look()
  })
})

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(...messages: Record<string, unknown>[]): Promise<Socket> {
  const socket = connect(path)
  sockets.push(socket)
  await once(socket, 'connect')
  for (const message of messages) socket.write(encodeLine(message))
  return socket
}

/** Resolves with the state as soon as it is so; a message that changes nothing is seen by the answer to the next one. */
function state(isSo: (state: LinkState) => boolean): Promise<LinkState> {
  return new Promise((resolve) => {
    const look = () => {
      if (isSo(server.state())) return resolve(server.state())
      setImmediate(look)
    }
    look()
  })
}

const agent = (nonce: string) => ({ pid: 4_000_000, startTicks: 7, nonce })
const hello = (nonce: string) => ({ type: 'hello', identity: agent(nonce), version: '1' })
const beat = (phase: string, mainAgeMs = 1) => ({
  type: 'beat',
  phase,
  mainAgeMs,
  busyUntilMonoMs: null,
  journalSeq: 3,
})

it('is for the owner only, and beats back with its own identity', async () => {
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(server.state()).toMatchObject({ connected: false, identity: null })
  const socket = await open(hello('a'))
  const heard = new Promise<unknown>((resolve) => socket.on('data', createLineReader(resolve, resolve)))
  expect(await heard).toEqual({ type: 'beat', identity: ownIdentity() })
})

it('knows its agent by the hello, then its beats and its stack, and the end of the link', async () => {
  let told = 0
  changes.push(() => told++)
  const socket = await open(hello('a'), beat('ready'), { type: 'stack', frames: Array.from({ length: 80 }, () => 'f') })
  expect(await state(({ stack }) => stack.length > 0)).toMatchObject({
    identity: agent('a'),
    connected: true,
    beat: beat('ready'),
  })
  expect(server.state().stack).toHaveLength(50)
  expect(told).toBe(2)
  socket.destroy()
  expect(await state(({ connected }) => !connected)).toMatchObject({ identity: agent('a') })
  expect(told).toBe(3)
})

it('listens to the successor: what its predecessor still says, and its end, count no more', async () => {
  const old = await open(hello('old'), beat('draining'))
  await state(({ beat: last }) => last?.phase === 'draining')
  await open(hello('new'), beat('ready'))
  await state(({ beat: last }) => last?.phase === 'ready')
  old.write(encodeLine(beat('preflight')))
  old.resume().end()
  await once(old, 'close')
  expect(server.state()).toMatchObject({ identity: agent('new'), connected: true, beat: beat('ready') })
})

it('takes nothing from a stranger who did not say hello, or who is no process', async () => {
  const stranger = await open(
    beat('ready'),
    { type: 'hello', identity: { pid: 1, startTicks: 1, nonce: 'x' } },
    beat('ready'),
  )
  await open(hello('a'))
  expect(await state(({ connected }) => connected)).toMatchObject({ identity: agent('a'), beat: null })
  expect(stranger.destroyed).toBe(false)
})

it.each([
  ['no JSON', 'no json\n'],
  ['a line without an end', 'x'.repeat(LINK.maxLineBytes + 1)],
])('drops who sends %s, and goes on', async (_, garbage) => {
  const socket = await open()
  socket.resume().write(garbage)
  await once(socket, 'close')
  await open(hello('a'))
  await state(({ connected }) => connected)
})

it.each(['null\n', '42\n', '"x"\n', '[]\n', '{}\n', '{"type":"stack"}\n'])(
  'survives JSON that is no message: %s',
  async (line) => {
    const socket = await open()
    socket.write(line)
    await open(hello('a'))
    expect(await state(({ connected }) => connected)).toMatchObject({ identity: agent('a') })
  },
)

it('wakes by itself when the agent falls silent for its limit, and beats to everybody who listens', async () => {
  server.close()
  let news = 0
  const woken = new Promise<void>((resolve) => {
    // The hello is the first news; nothing is sent that could be the second.
    void listenForAgent(path, 50, () => ++news === 2 && resolve()).then((quick) => {
      server = quick
      return open(hello('a'))
    })
  })
  await woken
  expect(server.state()).toMatchObject({ connected: true })
  const [socket] = sockets
  const heard: unknown[] = []
  const twice = new Promise<void>((resolve) =>
    socket?.on(
      'data',
      createLineReader(
        (value) => heard.push(value) === 2 && resolve(),
        () => {},
      ),
    ),
  )
  server.beat()
  await twice
  expect(heard).toEqual([
    { type: 'beat', identity: ownIdentity() },
    { type: 'beat', identity: ownIdentity() },
  ])
})

it('wakes at once for a main thread that is silent', async () => {
  await open(hello('a'), beat('ready'))
  await state(({ beat: last }) => last !== null)
  const woken = new Promise<void>((resolve) => changes.push(resolve))
  for (const socket of sockets) socket.write(encodeLine(beat('ready', 1_500)))
  await woken
})

it('nobody removes a socket that answers; a dead one is removed', async () => {
  await expect(removeDeadSocket(path)).rejects.toThrow('another process listens on')
  await expect(listenForAgent(path, 60_000, () => {})).rejects.toThrow('expected no other watchdog')
  expect(existsSync(path)).toBe(true)
  const dead = join(folder, 'dead.sock')
  writeFileSync(dead, '')
  await removeDeadSocket(dead)
  await removeDeadSocket(dead)
  expect(existsSync(dead)).toBe(false)
  const other = createServer().listen(dead)
  await once(other, 'listening')
  await expect(removeDeadSocket(dead)).rejects.toThrow()
  other.close()
})
