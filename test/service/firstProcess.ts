/** What a namespace of processes can be made with here, for tests of what only PID 1 has to do. */
import { spawnSync } from 'node:child_process'

/** The words before a command that becomes PID 1; it ends with whoever started it. */
export const AS_FIRST: readonly [string, ...string[]] = [
  'unshare',
  '--user',
  '--map-root-user',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
]

/** What is missing here, in words; undefined where all is there. */
export const NO_NAMESPACES: string | undefined = whyNot()

function whyNot(): string | undefined {
  const [program, ...words] = AS_FIRST
  const { status, stderr, error } = spawnSync(program, [...words, 'true'], { encoding: 'utf8' })
  return status === 0 ? undefined : `no namespace of processes here: ${error?.message ?? stderr.trim()}`
}
