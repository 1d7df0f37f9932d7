/** From inside there is no network at all: not the machine's own servers, not its abstract sockets, not raw ones. */
import { createSocket } from 'node:dgram'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSandboxHome, type SandboxHome } from './support.ts'

let home: SandboxHome
let port: number
const abstractName = `\0ottugi-test-${process.pid}`
const servers: Server[] = []
let connections = 0

async function listen(where: { port: number; host: string } | { path: string }): Promise<Server> {
  const server = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  server.listen(where)
  servers.push(server)
  await new Promise((listening) => server.once('listening', listening))
  return server
}

beforeAll(async () => {
  home = await openSandboxHome()
  port = ((await listen({ port: 0, host: '0.0.0.0' })).address() as AddressInfo).port
  await listen({ path: abstractName })
  await listen({ path: join(home.paths.run, 'ours.sock') })
})
afterAll(async () => {
  for (const server of servers) await new Promise((closed) => server.close(closed))
  await home.leave()
})

const python = (code: string) => ['/usr/bin/python3', '-c', code]
const connect = `return await new Promise((say) => net.connect(arg).on('connect', () => say('connected')).on('error', ({ code }) => say(code)))`

describe('from inside', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '0.0.0.0',
    '::1',
    '::ffff:127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '8.8.8.8',
    'example.com',
  ])('no connection to %s', async (host) => {
    const { text } = await home.js(connect, { host, port })
    expect(text).toMatch(/^(ECONNREFUSED|ENETUNREACH|EADDRNOTAVAIL|EAI_AGAIN|ENOTFOUND)$/)
    expect(connections).toBe(0)
  })

  it('no socket of the machine: abstract, or by its path', async () => {
    expect((await home.js(connect, { path: abstractName })).text).toBe('ECONNREFUSED')
    expect((await home.js(connect, { path: join(home.paths.run, 'ours.sock') })).text).toBe('ENOENT')
    expect((await home.js(connect, { path: '/var/run/docker.sock' })).text).toBe('ENOENT')
    expect((await home.js(connect, { path: '/run/dbus/system_bus_socket' })).text).toBe('ENOENT')
    expect(connections).toBe(0)
  })

  it('no datagrams', async () => {
    const socket = createSocket('udp4')
    let heard = 0
    socket.on('message', () => {
      heard += 1
    })
    socket.bind(0, '0.0.0.0')
    await new Promise((listening) => socket.once('listening', listening))
    const code = `import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\nfor h in ('127.0.0.1','8.8.8.8'):\n  try: s.sendto(b'x',(h,${socket.address().port}))\n  except OSError as e: print(e.errno)`
    expect((await home.program(python(code))).text).toMatch(/101\n\[0\]$/)
    expect(heard).toBe(0)
    socket.close()
  })

  it.each([
    ['raw', 'socket.AF_INET,socket.SOCK_RAW,1'],
    ['raw of IPv6', 'socket.AF_INET6,socket.SOCK_RAW,58'],
    ['packets', 'socket.AF_PACKET,socket.SOCK_RAW,0'],
  ])('no %s sockets', async (_, kind) => {
    const code = `import socket\ntry: socket.socket(${kind}); print('open')\nexcept OSError as e: print(e.errno)`
    expect((await home.program(python(code))).text).toBe('1\n[0]')
  })

  it('no interface but an idle loopback', async () => {
    const code = `import socket\nprint([name for _, name in socket.if_nameindex()])`
    expect((await home.program(python(code))).text).toBe("['lo']\n[0]")
  })
})
