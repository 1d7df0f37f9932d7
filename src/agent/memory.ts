/** What the agent remembers of its sessions, and what of it a model is shown. */
import type { Settings } from '../shared/config/schema.ts'
import type { HomePaths } from '../shared/paths.ts'
import { type Compactor, createCompactor } from './context/compactor.ts'
import { readProjectNotes } from './context/projectNotes.ts'
import { createRunContext } from './context/runContext.ts'
import { createSummarise } from './context/summarise.ts'
import type { GuardedJournal } from './journal/guardedJournal.ts'
import type { AgentGate } from './modelGate.ts'
import type { Assemble } from './runs/ports.ts'
import type { AppendToSession, Sessions } from './sessions/sessions.ts'
import { openSqliteSessions } from './sessions/sqliteSessions.ts'
import type { Tooling } from './tooling.ts'

/** What it is built from. */
export type MemoryParts = {
  readonly paths: HomePaths
  readonly settings: Settings
  readonly journal: GuardedJournal
  readonly gate: AgentGate
  readonly tooling: Tooling
}

/** What is known of earlier conversations, and the function that shows it to a model. */
export type Memory = {
  readonly sessions: Sessions
  readonly compactor: Compactor
  readonly assemble: Assemble
}

/** Opens it over the journal's own database. */
export function openMemory({ paths, settings, journal, gate, tooling }: MemoryParts): Memory {
  const { context, model, agent } = settings
  const append: AppendToSession = (session, body) => journal.append('', session, body)
  const sessions = openSqliteSessions(journal.database, append)
  const { recall } = sessions
  const compactor = createCompactor({
    ...{ recall, append },
    summarise: createSummarise(gate.ask),
    keepAnswers: context.keepAnswers,
  })
  const show = createRunContext({
    ...{ recall, compactor },
    prompt: () => agent.systemPrompt,
    notes: () => readProjectNotes(paths.workspace, context.notesMaxBytes),
    tools: tooling.offers,
    window: (name) => ({
      contextTokens: gate.contextTokens(name) ?? context.assumedTokens,
      reserveTokens: model.maxTokens,
    }),
    compactAtShare: context.compactAtShare,
  })
  return {
    ...{ sessions, compactor },
    assemble: async (_run, events) => {
      await tooling.load()
      tooling.prepare()
      return show(events)
    },
  }
}
