/**
 * A fault from inside: loaded by `--import` into every process of a drill's ring, it does nothing but in an agent whose home holds
 * `drill-fault.json`. So a drill can make the agent die of any error, with the code paths, logs and exits of a real one.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RingOptions } from './ring.ts'

/** What the agent dies of. `afterMs` counts from its start. */
export type InjectedFault = { readonly message: string; readonly code?: string; readonly afterMs: number }

/** The file in the home that names the fault. */
export const FAULT_FILE = 'drill-fault.json'

/** What a ring needs so that faults can be injected into its agent. */
export const INJECTABLE: Required<Pick<RingOptions, 'environment'>> & { readonly passEnv: readonly string[] } = {
  environment: { NODE_OPTIONS: `--import ${pathToFileURL(import.meta.filename)}` },
  passEnv: ['NODE_OPTIONS'],
}

if (process.argv[1]?.endsWith(join('src', 'agent', 'main.ts'))) inject(process.env['OTTUGI_HOME'] ?? '')

function inject(home: string): void {
  const fault = readFault(join(home, FAULT_FILE))
  if (!fault) return
  setTimeout(() => {
    throw Object.assign(new Error(fault.message), fault.code === undefined ? {} : { code: fault.code })
  }, fault.afterMs)
}

function readFault(file: string): InjectedFault | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as InjectedFault
  } catch {
    return undefined
  }
}
