/** What a tool is. One file a tool in this folder; `table.ts` lists them. The agent reads the facts; the child in the sandbox runs them. */
import type * as z from 'zod'
import type { Safety } from '../journal/event.ts'

/** What a tool did: a text for the model, or why it could not. A hint says what to try instead. */
export type ToolOutcome =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string; readonly hint?: string }

/** What a tool works with while it runs in the sandbox. */
export type ToolContext = {
  /** The folder that may be written, absolute, as the tool sees it. Relative paths begin here. */
  readonly workspace: string
  /** Aborted at the deadline and when the run is cancelled. */
  readonly signal: AbortSignal
  /** The same for every attempt at this call: what a `keyed` tool hands on, so that an effect happens once. */
  readonly key: string
  /** Asks the broker outside for a web page; there is no other network. */
  readonly fetch: BrokerFetch
  /** The tool's own settings, as `ToolSettings` names them: no secrets. */
  readonly settings: ToolSettings
  /** False where nobody can answer a question. Default true. */
  readonly attended?: boolean
}

/** What the tools are told of the settings. */
export type ToolSettings = {
  readonly search: { readonly engine: 'none' | 'searxng' | 'brave' | 'tavily'; readonly url: string }
  /** Whose name stands on commits. */
  readonly git?: { readonly name: string; readonly email: string }
}

/** One request through the broker. */
export type BrokerRequest = {
  readonly url: string
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Name of a secret that the broker puts into a header for hosts that the owner allowed; the tool never sees it. */
  readonly secret?: { readonly variable: string; readonly header: string; readonly prefix?: string }
  /** Most bytes of a body that are read. */
  readonly maxBytes?: number
}

export type BrokerAnswer =
  | {
      readonly ok: true
      readonly status: number
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      /** UTF-8; bytes that are none are replaced. */
      readonly body: string
      readonly isCut: boolean
    }
  | { readonly ok: false; readonly reason: string }

export type BrokerFetch = (request: BrokerRequest) => Promise<BrokerAnswer>

/** Where a tool runs. `sandbox`: a child without network and without our files. `agent`: in our process, and it touches nothing outside. */
export type ToolPlace = 'sandbox' | 'agent'

/** A tool. `Input` is what its schema makes of the model's arguments. */
export type Tool<Input = unknown> = {
  readonly name: string
  /** At least 150 characters: when to use it, what it returns, what it refuses. */
  readonly description: string
  readonly schema: z.ZodType<Input>
  readonly safety: Safety
  /** 0 looks, 1 changes the workspace, 2 runs programs or asks the network, 3 reaches further. */
  readonly risk: 0 | 1 | 2 | 3
  readonly deadlineMs: number
  /** Longest output that the model is shown, in characters; the rest goes to a file. */
  readonly maxOutput: number
  readonly place: ToolPlace
  /** What it can do that strict mode forbids. */
  readonly runsPrograms?: true
  readonly run: (input: Input, context: ToolContext) => Promise<ToolOutcome>
}
