import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { childEnvironment } from '../../shared/childEnvironment.ts'
import { nodeFlags } from '../../shared/nodeFlags.ts'
import { APPS, appRoot, type HomePaths } from '../../shared/paths.ts'

/** What each process loads, its entry point last: that ends the process at once where no home is named, compiled and nothing done. */
const MODULES = {
  watchdog: ['src/watchdog/run.ts', 'src/watchdog/main.ts'],
  agent: [
    'src/agent/run.ts',
    'src/agent/agent.ts',
    'src/agent/backupWorker.ts',
    'src/agent/link/linkWorker.ts',
    'src/guardian/preflight.ts',
    'src/guardian/settle.ts',
    'src/guardian/settlePort.ts',
    'src/guardian/checks/databases.ts',
    'src/agent/main.ts',
  ],
  dashboard: ['dashboard/run.ts', 'dashboard/server.ts'],
}

const LIMIT_MS = 10_000

/**
 * Fills the compile cache of a new home before anything starts. Without it each process of the first start loads the TypeScript
 * compiler, and carries its 25 MB until its next start. Whatever goes wrong here costs only that.
 */
export async function warmUp(paths: HomePaths, environment: NodeJS.ProcessEnv): Promise<void> {
  const env = childEnvironment(paths.home, environment)
  if (existsSync(env['NODE_COMPILE_CACHE'] ?? '')) return
  const { OTTUGI_HOME: _, ...homeless } = env
  await Promise.all(APPS.map((app) => runQuietly([...nodeFlags(app), ...importing(MODULES[app])], homeless)))
}

/** Some modules are made for a worker and fail here, after they were compiled: that is all that is wanted of them. */
function importing(modules: readonly string[]): string[] {
  const urls = modules.map((module) => pathToFileURL(join(appRoot, module)).href)
  const script = `for (const url of ${JSON.stringify(urls)}) await import(url).catch(() => {}); process.exit(0)`
  return ['--input-type=module', '--eval', script]
}

function runQuietly(words: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, words, { env, cwd: appRoot, stdio: 'ignore', timeout: LIMIT_MS })
  return new Promise((resolve) => {
    child.on('error', () => resolve())
    child.on('exit', () => resolve())
  })
}
