/** What the routes of the dashboard work with. Everything that can change is asked anew. */
import { join } from 'node:path'
import { readEnvFile } from '../src/shared/config/envFile.ts'
import type { Settings } from '../src/shared/config/schema.ts'
import { type HeldDatabase, holdDatabase } from '../src/shared/heldDatabase.ts'
import type { Language } from '../src/shared/messages/message.ts'
import { appRoot, type HomePaths } from '../src/shared/paths.ts'
import type { Supervisor } from '../src/shared/supervisor/supervisor.ts'
import { redeemLoginCode, SESSION_SECRET_VARIABLE, type Token, tokensFrom } from '../src/shared/tokens.ts'
import type { WriteAudit } from './api/actionsAudit.ts'
import { openSignedOut, type SignedOut } from './signedOut.ts'

/** Handed to every route. */
export type DashboardContext = {
  readonly paths: HomePaths
  readonly environment: NodeJS.ProcessEnv
  readonly settings: Settings
  /** Of the home; a request may ask for another one. */
  readonly language: Language
  /** What this start did differently, in sentences. */
  readonly notes: readonly string[]
  /** How to get a login link, in a sentence. */
  readonly howToSignIn: string
  /** Only asked who it is; the dashboard starts and stops nothing. */
  readonly supervisor: Pick<Supervisor, 'kind' | 'find'>
  /** `data/agent.db` and `data/watchdog.db`, read-only. */
  readonly agentDb: HeldDatabase
  readonly watchdogDb: HeldDatabase
  /** The built page; where it is missing, a small one is made here. */
  readonly distFolder: string
  readonly readTokens: () => readonly Token[]
  /** Undefined where there is none: then nobody can sign in. */
  readonly readSessionSecret: () => string | undefined
  /** Uses a login code up; true for one caller only. */
  readonly redeem: (code: string) => boolean
  readonly signedOut: SignedOut
  /** Aborted when this process begins to leave: streams end then. */
  readonly leaving: AbortSignal
  /** Writes down what somebody changed. */
  readonly writeAudit: WriteAudit
  /** Told of what a route threw by mistake. */
  readonly onBug: (error: unknown) => void
}

/** What a context is made of. */
export type ContextParts = Pick<
  DashboardContext,
  | 'paths'
  | 'environment'
  | 'settings'
  | 'language'
  | 'notes'
  | 'howToSignIn'
  | 'supervisor'
  | 'leaving'
  | 'writeAudit'
  | 'onBug'
> & {
  /** Default: `dashboard/dist` of the running Ottugi. */
  readonly distFolder?: string
}

/** Makes the context of a home. Opens nothing before it is asked for. */
export function createContext(parts: ContextParts): DashboardContext {
  const { paths } = parts
  return {
    distFolder: join(appRoot, 'dashboard', 'dist'),
    ...parts,
    agentDb: holdDatabase(paths.agentDb),
    watchdogDb: holdDatabase(paths.watchdogDb),
    readTokens: () => tokensFrom(readSecrets(paths)),
    readSessionSecret: () => readSecrets(paths).get(SESSION_SECRET_VARIABLE) || undefined,
    redeem: (code) => redeemLoginCode(paths.logins, code),
    signedOut: openSignedOut(paths.run),
  }
}

/** The address under which a proxy shows us; undefined without one. */
export function publicUrlOf({ settings }: Pick<DashboardContext, 'settings'>): URL | undefined {
  return URL.parse(settings.dashboard.publicUrl) ?? undefined
}

function readSecrets(paths: HomePaths): ReadonlyMap<string, string> {
  const file = readEnvFile(paths.env)
  return file.ok ? file.variables : new Map()
}
