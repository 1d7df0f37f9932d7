/** A home for end-to-end tests: free ports, its own commands, and an end that leaves nothing behind. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../src/drill/freePorts.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { listPids, readStat } from '../../src/shared/procfs.ts'
import { type Called, call } from '../cli/command.ts'

export type TestHome = {
  readonly paths: HomePaths
  /** Settings as they were written first: valid, with two free ports. */
  readonly settings: string
  readonly ottugi: (...words: string[]) => Promise<Called>
  readonly inKorean: (...words: string[]) => Promise<Called>
  /** Every process that carries this home in its environment. */
  readonly processes: () => number[]
  /** Stops everything and removes the folder; gives the pids that the stop had left. */
  readonly destroy: () => Promise<number[]>
}

/** Makes the home at a path below a fresh folder. Starts nothing. */
export async function createHome(
  nameIn: (folder: string) => string = (folder) => join(folder, 'home'),
): Promise<TestHome> {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-e2e-'))
  const paths = homePaths(nameIn(folder))
  const [agent, dashboard] = await freePorts(2)
  const settings = `model: { baseUrl: "http://127.0.0.1:9" }\nagent: { port: ${agent} }\ndashboard: { port: ${dashboard} }\n`
  mkdirSync(paths.home, { recursive: true, mode: 0o700 })
  writeFileSync(paths.settings, settings, { mode: 0o600 })
  const ottugi = (...words: string[]) => call([...words, '--home', paths.home])
  const processes = () => listPids().filter((pid) => carries(pid, paths))
  return {
    paths,
    settings,
    ottugi,
    inKorean: (...words) => call([...words, '--home', paths.home], { environment: { LANG: 'ko_KR.UTF-8' } }),
    processes,
    async destroy() {
      await ottugi('stop')
      const left = processes()
      for (const pid of left) endProcess(pid)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
      return left
    },
  }
}

function carries(pid: number, { home, pm2 }: HomePaths): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const isOurs = variables.includes(`OTTUGI_HOME=${home}`) || variables.includes(`PM2_HOME=${pm2}`)
    return isOurs && readStat(pid)?.state !== 'Z'
  } catch {
    return false
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone by itself.
  }
}
