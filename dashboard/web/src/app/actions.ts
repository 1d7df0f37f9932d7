/** The actions of the contract: which are offered now, asking before one is done, and saying what came of it. */
import { signal } from '@preact/signals'
import type { Me, Overview } from '../../../contract.ts'
import type { ActionName } from '../../../contractViews.ts'
import { showToast } from '../design/toasts.ts'
import { act } from '../live/api.ts'
import { refreshOverview } from '../live/live.ts'

/** An action that waits for a yes in the dialog of the shell. */
export type AskedAction = {
  readonly name: ActionName
  readonly args: Readonly<Record<string, unknown>>
  /** Called after it was done. */
  readonly onDone?: () => void
}

/** The action that is being asked about; null without one. */
export const askedAction = signal<AskedAction | null>(null)

const MAINTENANCE_MINUTES = 30

/** Asks about an action in the shell's dialog; there it is done or not. */
export function askAction(name: ActionName, args: Readonly<Record<string, unknown>> = {}, onDone?: () => void): void {
  askedAction.value = { name, args, ...(onDone ? { onDone } : {}) }
}

/** Does an action and shows what came of it, with the way back where there is one. True where it was done. */
export async function performAction({ name, args, onDone }: AskedAction): Promise<boolean> {
  const answer = await act(name, { ...defaultArgs(name), ...args, id: freshId() })
  if (!answer.ok) {
    showToast({ text: answer.reason, tone: 'bad' })
    return false
  }
  const { done, text, undo } = answer.value
  showToast({
    text,
    tone: done ? 'good' : 'bad',
    undo: undo ? () => void performAction({ name: undo, args: {} }) : null,
  })
  if (done) onDone?.()
  void refreshOverview()
  return done
}

function defaultArgs(name: ActionName): Readonly<Record<string, unknown>> {
  return name === 'maintenance-on' ? { minutes: MAINTENANCE_MINUTES } : {}
}

/** The same question twice is one: the server knows it by this. `randomUUID` is missing where the page came over plain http. */
function freshId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The actions that make sense now, for somebody who may do them. */
export function offeredActions(overview: Overview | null, can: Me['can'] | null): ActionName[] {
  if (!overview || !can?.admin) return []
  const { state, safeMode, alertsOpen } = overview.status
  return [
    ...(alertsOpen > 0 ? (['acknowledge'] as const) : []),
    state === 'maintenance' ? 'maintenance-off' : 'maintenance-on',
    'restart',
    safeMode ? 'safe-mode-off' : 'safe-mode-on',
    ...(state === 'healthy' ? (['drill'] as const) : []),
  ]
}
