/** Short notices of what was done; some can be taken back for a while. */
import { signal } from '@preact/signals'

/** A notice. `undo` is offered while it stands. */
export type Toast = {
  readonly id: number
  readonly text: string
  readonly tone: 'good' | 'bad'
  readonly undo: (() => void) | null
}

const SHOWN_MS = 8_000
/** Somebody has to find the button first. */
const UNDO_SHOWN_MS = 20_000

/** What is shown now, oldest first. */
export const toasts = signal<readonly Toast[]>([])
let nextId = 1

/** Shows a notice for a while; a failure stays until it is dismissed. */
export function showToast(notice: { text: string; tone?: Toast['tone']; undo?: (() => void) | null }): void {
  const toast = { id: nextId++, text: notice.text, tone: notice.tone ?? 'good', undo: notice.undo ?? null } as const
  toasts.value = [...toasts.value.slice(-2), toast]
  if (toast.tone === 'good') setTimeout(() => dismissToast(toast.id), toast.undo ? UNDO_SHOWN_MS : SHOWN_MS)
}

/** Takes a notice away. */
export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}
