import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { childEnvironment } from '../../shared/childEnvironment.ts'
import { NODE_FLAGS } from '../../shared/nodeFlags.ts'
import { appRoot, type HomePaths } from '../../shared/paths.ts'

/** What is loaded by the agent, and by the two others: shared out over two processes, which compile beside each other. */
const MODULES = [
  [
    'src/agent/main.ts',
    'src/agent/run.ts',
    'src/agent/agent.ts',
    'src/agent/backupWorker.ts',
    'src/agent/link/linkWorker.ts',
    'src/guardian/preflight.ts',
    'src/guardian/settle.ts',
    'src/guardian/settlePort.ts',
    'src/guardian/checks/databases.ts',
  ],
  ['src/watchdog/main.ts', 'src/watchdog/run.ts', 'dashboard/server.ts', 'dashboard/run.ts'],
]

const LIMIT_MS = 10_000

/**
 * Fills the compile cache of a new home before anything starts. Without it each process of the first start loads the TypeScript
 * compiler, and carries its 25 MB until its next start. Whatever goes wrong here costs only that.
 */
export async function warmUp(paths: HomePaths, environment: NodeJS.ProcessEnv): Promise<void> {
  const env = childEnvironment(paths.home, environment)
  if (existsSync(env['NODE_COMPILE_CACHE'] ?? '')) return
  const { OTTUGI_HOME: _, ...homeless } = env
  await Promise.all(MODULES.map((modules) => runQuietly([...NODE_FLAGS, ...importing(modules)], homeless)))
}

/**
 * An entry point ends its process at once where no home is named, and a module that is made for a worker fails here: both after they were
 * compiled, and that is all that is wanted of them.
 */
function importing(modules: readonly string[]): string[] {
  const urls = modules.map((module) => pathToFileURL(join(appRoot, module)).href)
  const script = `
    const end = process.exit
    process.exit = () => { throw new Error('compiled') }
    for (const url of ${JSON.stringify(urls)}) await import(url).catch(() => {})
    end(0)`
  return ['--input-type=module', '--eval', script]
}

function runQuietly(words: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, words, { env, cwd: appRoot, stdio: 'ignore', timeout: LIMIT_MS })
  return new Promise((resolve) => {
    child.on('error', () => resolve())
    child.on('exit', () => resolve())
  })
}
