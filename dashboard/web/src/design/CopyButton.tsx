import { useState } from 'preact/hooks'
import { pageMessages } from '../app/pageMessages.ts'
import { sayFrom } from '../app/text.ts'
import { Button } from './Button.tsx'

const t = sayFrom(pageMessages)
const SAID_MS = 2_000

/** Copies a text; says whether it could. The clipboard is there on https and on this machine only. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [said, setSaid] = useState<string | null>(null)
  const copy = async () => {
    // Undefined where the page did not come over https or from this machine.
    const clipboard: Clipboard | undefined = navigator.clipboard
    const isDone = await clipboard?.writeText(text).then(
      () => true,
      () => false,
    )
    setSaid(t(isDone ? 'page.copied' : 'page.notCopied'))
    setTimeout(() => setSaid(null), SAID_MS)
  }
  return (
    <Button kind="quiet" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label ?? t('page.copy')}</span>
    </Button>
  )
}
