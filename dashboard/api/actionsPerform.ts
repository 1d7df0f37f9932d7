/** Each action of the page: what it takes, who may do it, and how it is done. */
import { z } from 'zod'
import { readTextIfThere } from '../../src/shared/atomicFile.ts'
import { callAgent } from '../../src/shared/http/agentApi.ts'
import { type Phrase, phrase } from '../../src/shared/messages/phrase.ts'
import type { OrderName } from '../../src/shared/orderFiles.ts'
import { leaveRequest } from '../../src/shared/requestFiles.ts'
import type { Scope } from '../../src/shared/tokens.ts'
import type { ActionName } from '../contractViews.ts'
import type { ActionContext } from './actionContext.ts'
import { giveOrder } from './actionsOrders.ts'

/** Who asks, and under which key. */
export type Asker = { readonly key: string; readonly by: string }

/** What came of an action. Not `isOver`: it may be tried again under the same key. */
export type Performed = { readonly done: boolean; readonly isOver: boolean; readonly words: Phrase }

type Arguments = Readonly<Record<string, unknown>>

/** One action. `perform` gets a body that its schema has let pass. */
export type PageAction = {
  readonly needs: Scope
  readonly body: z.ZodType<Arguments>
  readonly undo: ActionName | null
  readonly perform: (context: ActionContext, args: Arguments, asker: Asker) => Promise<Performed>
}

/** Longest maintenance, as everywhere. */
const MAX_MINUTES = 24 * 60
const AGENT_LIMIT_MS = 10_000

const idField = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -')
const noArguments = z.strictObject({})
const acknowledgeBody = z.strictObject({ incident: idField.nullish() })
const maintenanceBody = z.strictObject({
  minutes: z.int().min(1).max(MAX_MINUTES),
  reason: z.string().trim().max(200).default(''),
})
const cancelBody = z.strictObject({ run: idField })

/** All of them, by their names in the contract. */
export const PAGE_ACTIONS: Readonly<Record<ActionName, PageAction>> = {
  acknowledge: { needs: 'approve', body: acknowledgeBody, undo: null, perform: acknowledge },
  'maintenance-on': { ...ordered('maintenance-on'), body: maintenanceBody, undo: 'maintenance-off' },
  'maintenance-off': ordered('maintenance-off'),
  restart: ordered('restart'),
  'safe-mode-on': { ...ordered('safe-mode-on'), undo: 'safe-mode-off' },
  'safe-mode-off': { ...ordered('safe-mode-off'), undo: 'safe-mode-on' },
  drill: ordered('drill'),
  'roll-back-settings': ordered('roll-back-settings'),
  'cancel-run': { needs: 'chat', body: cancelBody, undo: null, perform: cancelRun },
}

/** What the watchdog does. */
function ordered(order: OrderName): PageAction {
  const perform: PageAction['perform'] = (context, args, asker) => giveOrder(context, { order, ...args, ...asker })
  return { needs: 'admin', body: noArguments, undo: null, perform }
}

/** The watchdog hears of it within a second; saying it twice changes nothing. */
async function acknowledge({ paths }: ActionContext, args: Arguments, { by }: Asker): Promise<Performed> {
  const { incident } = args as z.output<typeof acknowledgeBody>
  const open = (readTextIfThere(paths.alertsOpen) ?? '').split('\n').filter(Boolean)
  const id = incident?.toUpperCase() ?? null
  if (open.length === 0) return over(false, phrase('actions.noAlertOpen'))
  if (id !== null && !open.includes(id)) return over(false, phrase('actions.alertNotOpen', { id }))
  leaveRequest(paths, { request: 'acknowledge', id, by, at: new Date().toISOString() })
  return over(true, phrase('actions.acknowledged', { id: id ?? open.join(', ') }))
}

async function cancelRun({ paths }: ActionContext, args: Arguments): Promise<Performed> {
  const { run } = args as z.output<typeof cancelBody>
  const path = `/api/runs/${encodeURIComponent(run)}/cancel`
  const signal = AbortSignal.timeout(AGENT_LIMIT_MS)
  const result = await callAgent(paths, { method: 'POST', path, scope: 'chat', signal })
  if (result.ok) return over(true, phrase('actions.runCancelled'))
  if (result.why !== 'problem')
    return again(phrase(result.why === 'no-token' ? 'actions.noToken' : 'actions.agentDown'))
  if (result.name === 'not-running') return over(false, phrase('actions.runOver'))
  return again(phrase('actions.failed', { reason: result.detail }))
}

function over(done: boolean, words: Phrase): Performed {
  return { done, isOver: true, words }
}

function again(words: Phrase): Performed {
  return { done: false, isOver: false, words }
}
