/**
 * A small disk of its own for a drill: a tmpfs in a mount namespace that nobody else sees and that is gone with its last process.
 * The whole drill runs inside, through `unshare` of util-linux, so that an ordinary user can do it as well: in a user namespace it is root
 * over its own mounts, and before the drill begins it is itself again, without any right that it did not have before.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Size of the disk. */
export type SmallDisk = { readonly bytes: number; readonly inodes: number }

/** What the child process behind the namespace gets as its one argument. */
export type StageOrder = {
  readonly drill: string
  readonly folder: string
  readonly disk: SmallDisk
  readonly uid: number
  readonly gid: number
}

const STAGE = join(import.meta.dirname, 'smallDiskStage.ts')
const PROBE_LIMIT_MS = 10_000

/** The mount namespace: root may make one as it is, everybody else inside a user namespace of their own. */
function withOwnMounts(): readonly [string, ...string[]] {
  return process.getuid?.() === 0
    ? ['unshare', '--mount', '--']
    : ['unshare', '--user', '--map-root-user', '--mount', '--']
}

/** Back to the ordinary user after the mount; root stays what it is. */
function asOneself({ uid, gid }: StageOrder): readonly string[] {
  return uid === 0 ? [] : ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--']
}

/** Why there can be no small disk here; undefined where there can. Tries it. */
export function noSmallDisk(): string | undefined {
  const [program, ...words] = withOwnMounts()
  try {
    execFileSync(program, [...words, 'mount', '-t', 'tmpfs', 'ottugi-probe', tmpdir()], {
      timeout: PROBE_LIMIT_MS,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return undefined
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string }
    return `missing: a file system of its own (${(stderr?.toString('utf8').trim() || message).split('\n')[0]})`
  }
}

/** Runs one drill on a disk of its own; gives what the stage printed last. */
export async function onSmallDisk(drill: string, disk: SmallDisk): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-disk-'))
  const order: StageOrder = { drill, folder, disk, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const [program, ...words] = withOwnMounts()
  try {
    return await lastLineOf([program, ...words, process.execPath, STAGE, 'mount', JSON.stringify(order)])
  } finally {
    rmdirSync(folder)
  }
}

/** Inside the namespace: mounts, and goes on as oneself. */
export async function mountAndGoOn(order: StageOrder): Promise<string> {
  const { folder, disk } = order
  const options = `size=${disk.bytes},nr_inodes=${disk.inodes},mode=0700`
  await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', options, 'ottugi-drill', folder])
  return lastLineOf([...asOneself(order), process.execPath, STAGE, 'play', JSON.stringify(order)])
}

function lastLineOf([program = '', ...words]: readonly string[]): Promise<string> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const line = output.trim().split('\n').at(-1)
      if (line) resolve(line)
      else reject(new Error(`the drill on a small disk ended with ${signal ?? code} and no result`))
    })
  })
}
