import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { childEnvironment } from './childEnvironment.ts'
import { appRoot } from './paths.ts'
import type { SupervisorProcess } from './supervisor/supervisor.ts'

/**
 * Leaves a detached `ottugi start --revive` behind, which brings back what is missing, under the one start lock, if `running` is desired.
 * Whoever is left of the ring calls this; that several do is harmless. `dying` is a supervisor that seems to be ending: it is waited for.
 */
export function spawnRevive(home: string, environment: NodeJS.ProcessEnv, dying?: SupervisorProcess): void {
  const words = ['start', '--revive', '--home', home, ...(dying ? ['--after', `${dying.pid}:${dying.startTicks}`] : [])]
  const child = spawn(process.execPath, [join(appRoot, 'src', 'cli', 'main.ts'), ...words], {
    env: childEnvironment(home, environment),
    cwd: appRoot,
    detached: true,
    stdio: 'ignore',
  })
  child.on('error', () => {})
  child.unref()
}
