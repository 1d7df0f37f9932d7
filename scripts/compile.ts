/**
 * `npm run prepare`: compiles the program with the Node that it is run with, so that the first start of a home has nothing left to compile. What goes
 * wrong here costs only that start its time, and no installation fails by it.
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compiledFolder, signCompiled } from '../src/cli/lifecycle/compiledBefore.ts'
import { compileInto } from '../src/cli/lifecycle/warmUp.ts'
import { appRoot } from '../src/shared/paths.ts'

// For whoever runs the program, also where its owner writes for itself alone.
process.umask(0o022)
const { cache } = compiledFolder(appRoot)
try {
  rmSync(dirname(cache), { recursive: true, force: true })
  await compileInto(cache, { PATH: process.env['PATH'] })
  signCompiled(appRoot)
  // The command line keeps what it compiles beside it, by itself.
  execFileSync(process.execPath, [join(appRoot, 'bin', 'ottugi'), '--version'], { stdio: 'ignore' })
} catch (error) {
  process.stdout.write(`The first start will compile the program: ${error instanceof Error ? error.message : error}\n`)
}
