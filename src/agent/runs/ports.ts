/** What the loop works with: narrow ports, declared here and filled in by whoever builds the agent. */
import type {
  CallControl,
  Image,
  ModelFailure,
  ModelRequest,
  ProviderResult,
  ToolOffer,
  Turn,
} from '../../model/modelCall.ts'
import type { Parked } from '../../shared/parked.ts'
import type { Gates } from '../gates/verdict.ts'
import type { RunEvent, RunLimits, TaskClass } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import type { ToolRunner } from '../sandbox/toolRunner.ts'
import type { Tool } from '../tools/tool.ts'
import type { Run } from './fold.ts'

/** What is asked of the gate of model calls; model and length are its to fill in. */
export type LoopRequest = Omit<ModelRequest, 'model' | 'maxTokens'> & {
  readonly model?: string
  readonly task?: TaskClass
}

/** For whom a call is made. */
export type Caller = {
  readonly run: string
  readonly session: string
  readonly job?: string
  readonly limits?: { readonly usd?: number; readonly tokens?: number }
}

/** What stands in the way of a call before it is made. */
export type LoopObstacle = { readonly kind: ModelFailure['kind']; readonly reason: string }

/** An answer, and what is known of the call. */
export type LoopAnswer = (Extract<ProviderResult, { ok: true }> | ModelFailure) & {
  readonly model: string
  readonly provider: string
  readonly costUsd: number
  /** False where nobody knows the price of the model. */
  readonly isPriced?: boolean
  readonly latencyMs: number
  /** A limit is nearly used up, in the words of a person. */
  readonly warning?: string
}

/** The one gate of all model calls, as the loop needs it. */
export type ModelGate = {
  readonly check: (request: LoopRequest, caller: Caller) => LoopObstacle | undefined
  readonly ask: (
    request: LoopRequest,
    control: CallControl & Caller & { readonly priority?: 'person' | 'program' | 'job' },
  ) => Promise<LoopAnswer>
  /** Which model would be asked, and why. */
  readonly plan: (request: LoopRequest) => { readonly provider: string; readonly model: string; readonly why: string }
}

/** What the loop knows of a tool. `sourceHash`: SHA-256 of its source, so that a yes is a yes to this text of it. */
export type LoopTool = Pick<Tool, 'name' | 'schema' | 'safety' | 'risk'> & { readonly sourceHash: string }

/** How a question to a person ended. `withdrawn`: nobody waits any more; it stays open for whoever goes on with the run. */
export type Said = 'approved' | 'denied' | 'expired' | 'withdrawn'

/** What a person is asked to allow: one call, exactly as it would be run. */
export type AskedCall = {
  readonly run: string
  readonly call: string
  readonly tool: string
  readonly input: unknown
  readonly sourceHash: string
  readonly plan: string
  readonly reason: string
}

/** The one approval mechanism, as the loop needs it. */
export type Approvals = {
  /** Asks, or finds the same question again. */
  readonly ask: (
    call: AskedCall,
  ) => { readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: string }
  /** Resolves when it was answered or its time is over, or with `withdrawn` when the signal says so. */
  readonly wait: (id: string, signal: AbortSignal) => Promise<Said>
  /** Uses a yes up, once, for this very call. Used already by this very call counts as well: a kill came between. */
  readonly use: (id: string, call: AskedCall) => { readonly ok: true } | { readonly ok: false; readonly reason: string }
}

/** What a model is shown. */
export type Assembled = {
  readonly system: string
  readonly turns: readonly Turn[]
  readonly tools: readonly ToolOffer[]
}

/** Makes it from a run and its events. May ask a model to make room, so it may take its time. */
export type Assemble = (run: Run, events: readonly RunEvent[]) => Assembled | Promise<Assembled>

/** The limits of the loop. */
export type LoopLimits = {
  /** Most answers of a model in one run; default 25. */
  readonly rounds: number
  /** The same call so many times ends a run; default 4. */
  readonly repeats: number
  /** How long a lease lasts, in milliseconds. */
  readonly leaseMs: number
  /** What becomes of a message to a session that is being worked on. */
  readonly whileBusy: 'queue' | 'steer'
}

/** The limits where nothing else is said. */
export const DEFAULT_LIMITS: LoopLimits = { rounds: 25, repeats: 4, leaseMs: 60_000, whileBusy: 'queue' }

/** What the runs work with. */
export type RunsDependencies = {
  readonly journal: Journal
  readonly gate: ModelGate
  /** Names this life of this process in leases. */
  readonly owner: string
  /** Is the owner of a lease known to be dead? Its runs are then taken over at once. */
  readonly isDead: (owner: string) => boolean
  readonly runner: ToolRunner
  /** By name; asked anew for each step. */
  readonly tools: () => ReadonlyMap<string, LoopTool>
  readonly gates: Gates
  readonly approvals: Approvals
  readonly assemble: Assemble
  /** What is set aside now; read anew for each question. */
  readonly readParked: () => Parked
  readonly limits: LoopLimits
  /** Wall clock in milliseconds. */
  readonly nowMs: () => number
  /** Told of everything that could not be written; the run stays unfinished. */
  readonly onStorageError: (error: unknown) => void
}

/** A question as it comes in. */
export type Question = {
  readonly run: string
  readonly session: string
  readonly text: string
  readonly images?: readonly Image[]
  readonly by?: 'person' | 'program' | 'job'
  readonly attended?: boolean
  readonly model?: string
  readonly task?: TaskClass
  readonly job?: string
  readonly dryRun?: boolean
  readonly approve?: 'none' | 'safe' | 'all'
  readonly limits?: RunLimits
}
