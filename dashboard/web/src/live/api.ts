/** Every route of the contract by name. Each can be given a signal that takes the question back. */
import type { Heartbeat, HeartbeatWindow, IncidentStory, Incidents, Me, Overview } from '../../../contract.ts'
import type {
  ActionName,
  ActionResult,
  Approvals,
  Costs,
  Host,
  Journal,
  Logs,
  Series,
  Sessions,
  SettingsCheck,
  SettingsView,
  Tools,
} from '../../../contractViews.ts'
import { ask } from './ask.ts'
import type { Answer } from './problem.ts'

type Abort = AbortSignal | undefined
type Asked<Value> = Promise<Answer<Value>>
const at = encodeURIComponent

/** Who is signed in. */
export const getMe = (signal?: Abort): Asked<Me> => ask('api/me', { signal })
/** The first screen. */
export const getOverview = (signal?: Abort): Asked<Overview> => ask('api/overview', { signal })
/** The heartbeat bar of a window. */
export const getHeartbeat = (window: HeartbeatWindow, signal?: Abort): Asked<Heartbeat> =>
  ask('api/heartbeat', { query: { window }, signal })
/** A page of incidents, newest first. */
export const getIncidents = (query: { before?: string | null; limit?: number }, signal?: Abort): Asked<Incidents> =>
  ask('api/incidents', { query, signal })
/** One incident with its evidence. */
export const getIncident = (id: string, signal?: Abort): Asked<IncidentStory> =>
  ask(`api/incidents/${at(id)}`, { signal })
/** Sessions, and where words were found. */
export const getSessions = (query: { q?: string; limit?: number }, signal?: Abort): Asked<Sessions> =>
  ask('api/sessions', { query, signal })
/** The journal of a session. */
export const getSession = (id: string, signal?: Abort): Asked<Journal> => ask(`api/sessions/${at(id)}`, { signal })
/** The journal of a run. */
export const getRun = (id: string, signal?: Abort): Asked<Journal> => ask(`api/runs/${at(id)}`, { signal })
/** What waits for a yes or a no, and what was answered. */
export const getApprovals = (signal?: Abort): Asked<Approvals> => ask('api/approvals', { signal })
/** Says yes or no to exactly what `digest` stands for. */
export const answerApproval = (
  id: string,
  answer: { readonly answer: 'approve' | 'deny'; readonly digest: string },
): Asked<ActionResult> => ask(`api/approvals/${at(id)}`, { method: 'POST', body: answer })
/** What was spent, and on what. */
export const getCosts = (
  query: { by: 'model' | 'day' | 'session' | 'job'; days: number },
  signal?: Abort,
): Asked<Costs> => ask('api/costs', { query, signal })
/** Tools, their figures and the jobs. */
export const getTools = (signal?: Abort): Asked<Tools> => ask('api/tools', { signal })
/** The machine and our processes. */
export const getHost = (signal?: Abort): Asked<Host> => ask('api/host', { signal })
/** Series in buckets; times in milliseconds of the wall clock. */
export const getSeries = (
  query: { name: string; from: number; to: number; points: number },
  signal?: Abort,
): Asked<Series> => ask('api/series', { query, signal })
/** Log lines, newest first. */
export const getLogs = (
  query: { app?: string; level?: string; q?: string; before?: string | null; limit?: number },
  signal?: Abort,
): Asked<Logs> => ask('api/logs', { query, signal })
/** The settings with their sources. */
export const getSettings = (signal?: Abort): Asked<SettingsView> => ask('api/settings', { signal })
/** What a change would do to the file; nothing is saved. */
export const checkSettings = (changes: Readonly<Record<string, unknown>>): Asked<SettingsCheck> =>
  ask('api/settings/check', { method: 'POST', body: { changes } })
/** Does one of the actions; the caller has asked before. */
export const act = (name: ActionName, body: Readonly<Record<string, unknown>> = {}): Asked<ActionResult> =>
  ask(`api/actions/${name}`, { method: 'POST', body })
