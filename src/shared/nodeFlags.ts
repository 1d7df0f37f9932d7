import type { AppName } from './paths.ts'

// V8 would let its young generation grow to 3 × 16 MiB in each process, most of it while the modules load, and keep it. Ours allocate little.
const EVERYWHERE = ['--max-semi-space-size=2']

// What a busy agent leaves behind would otherwise fill twice the memory before it is collected, and none of it goes back while it rests.
const AGENT = ['--heap-growing-percent=50']

/**
 * The flags of Node that a process runs with. Most of V8's flags count in the key of the compile cache: whoever fills it
 * for a process uses the same ones.
 */
export function nodeFlags(app: AppName): readonly string[] {
  return app === 'agent' ? [...EVERYWHERE, ...AGENT] : EVERYWHERE
}
