import { spawn } from 'node:child_process'
import { appRoot } from '../../shared/paths.ts'
import { mainFile } from '../../shared/rescueFolder.ts'

/** Our own command line as child processes, each in a session of its own: a Ctrl-C at the terminal is for whoever started them alone. */
export type OwnCommands = {
  /** Gives the exit code; -1 where it could not be started or was ended by a signal. */
  readonly run: (...words: string[]) => Promise<number>
  /** Those that run now. */
  readonly pids: ReadonlySet<number>
}

/** More than a start or a stop waits for anything. */
const LIMIT_MS = 150_000

/** Runs commands in a home. Their words come to our output; after {@link LIMIT_MS} they are ended. */
export function createOwnCommands(home: string, environment: NodeJS.ProcessEnv): OwnCommands {
  const pids = new Set<number>()
  return {
    pids,
    run: (...words) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [mainFile(), ...words, '--home', home], {
          env: environment,
          cwd: appRoot,
          detached: true,
          stdio: ['ignore', 'inherit', 'inherit'],
          timeout: LIMIT_MS,
          killSignal: 'SIGKILL',
        })
        if (child.pid === undefined) return void child.on('error', () => resolve(-1))
        const { pid } = child
        pids.add(pid)
        child.on('exit', (code) => {
          pids.delete(pid)
          resolve(code ?? -1)
        })
      }),
  }
}
