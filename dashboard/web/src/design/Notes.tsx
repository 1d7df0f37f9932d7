import type { ComponentChildren } from 'preact'
import { pageMessages } from '../app/pageMessages.ts'
import { sayFrom } from '../app/text.ts'
import { Button } from './Button.tsx'
import { Shape } from './Status.tsx'

const t = sayFrom(pageMessages)

/** Nothing is here, said in a sentence, perhaps with what could be done. */
export function EmptyState({ text, children }: { text: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{text}</p>
      {children}
    </div>
  )
}

/** Something failed, in words, with another try where one makes sense. */
export function ErrorNote({ reason, onRetry }: { reason: string; onRetry?: (() => void) | undefined }) {
  return (
    <div class="note note-bad" role="alert">
      <Shape tone="bad" />
      <p>{reason}</p>
      {onRetry && <Button onClick={onRetry}>{t('page.retry')}</Button>}
    </div>
  )
}

/** Something that a reader should know: not known, limited, done differently. */
export function Notice({
  children,
  tone = 'warn',
}: {
  children: ComponentChildren
  tone?: 'warn' | 'info' | 'unknown' | 'bad'
}) {
  return (
    <div class={`note note-${tone}`}>
      <Shape tone={tone} />
      <div>{children}</div>
    </div>
  )
}

/** Stands where something will be in a moment. */
export function Loading({ label }: { label?: string }) {
  return (
    <p class="loading" role="status">
      {label ?? t('page.loading')}
    </p>
  )
}
