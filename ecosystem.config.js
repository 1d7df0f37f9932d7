// TIER 1, KeepAlive: what PM2 keeps running. Read by PM2 only; `ottugi start` hands the home, the pinned Node and the time limits over
// in the environment, because PM2 stores everything it is given in clear: nothing here may be a secret.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from './src/shared/nodeFlags.ts'

const root = dirname(fileURLToPath(import.meta.url))
const home = process.env.OTTUGI_HOME
const node = process.env.OTTUGI_NODE
if (!home || !node) throw new Error('OTTUGI_HOME and OTTUGI_NODE are not set: start the processes with `ottugi start`')

/** Everything that must be the same for all three processes. */
function app(name, script) {
  return {
    name,
    // Node itself is the program. With an interpreter, PM2 first starts a script out of its own package; where that is gone, the process ends
    // before our brake has a say, and PM2 starts it ten times a second.
    script: node,
    args: [...NODE_FLAGS, join(root, script)],
    interpreter: 'none',
    cwd: home,
    exec_mode: 'fork',
    // With pmx on, a process dies 2 s after PM2 does; we outlive PM2 and hand over to the next one.
    pmx: false,
    vizion: false,
    // We end process groups ourselves. PM2's tree walk would also catch the `ottugi start` that brings PM2 back.
    treekill: false,
    autorestart: true,
    // PM2's own crash-loop brake works only early in a process's life; the boot ledger is the brake.
    max_restarts: 1_000_000_000,
    min_uptime: 0,
    // 78: the guardian refuses this start. PM2 leaves the process stopped and the watchdog decides when it may start again.
    stop_exit_codes: [78],
    // More than the agent's longest drain.
    kill_timeout: 15_000,
    out_file: '/dev/null',
    error_file: join(home, 'logs', `${name}.err.log`),
    // glibc keeps a heap for each thread that ever allocated, and gives none of them back: ours allocate on one.
    env: { OTTUGI_HOME: home, OTTUGI_SUPERVISED: '1', MALLOC_ARENA_MAX: '1' },
  }
}

// The watchdog first: it listens before the agent calls.
export const apps = [
  app('watchdog', 'src/watchdog/main.ts'),
  app('agent', 'src/agent/main.ts'),
  app('dashboard', 'dashboard/server.ts'),
]
