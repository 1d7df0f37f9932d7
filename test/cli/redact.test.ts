/** `ottugi redact` as a child process, with a real pipe on both ends. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appRoot } from '../../src/shared/paths.ts'
import { call, emptyFolder } from './command.ts'

type Piped = { readonly code: number | null; readonly out: Buffer; readonly err: string }

/** Pipes pieces through the command; each is written when the one before has been taken. */
function pipe(pieces: readonly (string | Buffer)[], words: readonly string[], environment = {}): Promise<Piped> {
  const env = { PATH: '/usr/bin:/bin', HOME: '/nowhere', LANG: 'C.UTF-8', ...environment }
  const child = spawn(process.execPath, [join(appRoot, 'src/cli/main.ts'), 'redact', ...words], { env })
  const out: Buffer[] = []
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk
  })
  const send = (index: number): void => {
    const piece = pieces[index]
    if (piece === undefined) child.stdin.end()
    else child.stdin.write(piece, () => send(index + 1))
  }
  send(0)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out: Buffer.concat(out), err })))
}

const told = ({ code, out, err }: Piped) => ({ code, out: out.toString(), err })

describe('ottugi redact', () => {
  it('masks what it knows and what it sees, and counts it', async () => {
    const home = emptyFolder()
    writeFileSync(join(home, '.env'), 'FIRST=hunter-number-one\n', { mode: 0o600 })
    const text = 'a hunter-number-one\npassword=x1 token=abcdefgh and MY-OWN-TOKEN\nno line break at the end'
    const result = await pipe([text], ['--home', home], { SOME_TOKEN: 'MY-OWN-TOKEN' })
    expect(told(result)).toEqual({
      code: 0,
      out: 'a [masked:value]\npassword=[masked:field] token=[masked:field] and [masked:value]\nno line break at the end',
      err: 'Masked 4: field 2, value 2.\n',
    })
  })

  it('needs no home: a missing one, a file, a broken .env', async () => {
    const file = join(emptyFolder(), 'file')
    writeFileSync(file, '')
    const broken = emptyFolder()
    writeFileSync(join(broken, '.env'), Buffer.from([0xff, 0xfe]))
    writeFileSync(join(broken, 'ottugi.yaml'), '{{{')
    const results = await Promise.all(
      ['/nowhere/at/all', file, broken].map(async (home) =>
        told(await pipe(['secret=abc1'], ['--quiet', '--home', home])),
      ),
    )
    const expected = { code: 0, out: 'secret=[masked:field]', err: '' }
    expect(results).toEqual([expected, expected, expected])
  })

  it('takes any bytes, cut anywhere, and gives valid text', async () => {
    const korean = Buffer.from('한글 비밀번호: qwer1234 😀\n')
    const pieces = Array.from(korean, (_, index) => korean.subarray(index, index + 1))
    const result = await pipe([...pieces, Buffer.from([0xff, 0xfe, 0xc3]), '\u0000\n'], ['-q'])
    expect(result.out.toString()).toBe('한글 비밀번호: [masked:field] 😀\n\ufffd\ufffd\ufffd\u0000\n')
  })

  it('changes nothing of an empty text and of one that hides nothing', async () => {
    expect(told(await pipe([], []))).toEqual({ code: 0, out: '', err: 'Nothing to mask was found.\n' })
    const clean = '\ufeffplain words\r\n'.repeat(20_000)
    const result = await pipe([clean], ['-q'], { LANG: 'ko_KR.UTF-8' })
    expect(result.out.equals(Buffer.from(clean))).toBe(true)
  })

  it('speaks Korean', async () => {
    const result = await pipe(['password=x1'], [], { LANG: 'ko_KR.UTF-8' })
    expect(result.err).toBe('1개를 가렸습니다: field 1.\n')
  })

  it('says in its help what it masks', async () => {
    const { code, out } = await call(['redact', '--help'], { environment: { HOME: '/nowhere' } })
    expect(code).toBe(0)
    expect(out).toContain('[masked:<kind>]')
    expect(out).toContain('--quiet')
  })
})
