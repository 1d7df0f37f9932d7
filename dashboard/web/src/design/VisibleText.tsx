import { useState } from 'preact/hooks'
import { pageMessages } from '../app/pageMessages.ts'
import { sayFrom } from '../app/text.ts'
import { cut, visibleIn } from './visible.ts'

const t = sayFrom(pageMessages)
/** Letters shown before somebody asks for the rest. */
const SHOWN = 4_000

/** Text that came from elsewhere (a log, a model, a tool): as text only, with unseen characters shown, and a long one folded. `block` keeps its lines. */
export function VisibleText({ text, block, limit = SHOWN }: { text: string; block?: boolean; limit?: number }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? { text, left: 0 } : cut(text, limit)
  const words = visibleIn(shown.text, block)
  const more = shown.left > 0 && (
    <button type="button" class="link-button" onClick={() => setWhole(true)}>
      {t('page.showMore', { count: shown.left })}
    </button>
  )
  return block ? (
    <>
      <pre class="visible-block" dir="ltr">
        {words}
      </pre>
      {more}
    </>
  ) : (
    <bdi class="visible-text">
      {words}
      {more}
    </bdi>
  )
}

/** The beginning of such a text in one line, for a head that is pressed itself: what is left out stands below it. */
export function VisibleBeginning({ text, limit = SHOWN }: { text: string; limit?: number }) {
  const { text: shown, left } = cut(text, limit)
  return <bdi class="visible-text">{visibleIn(left > 0 ? `${shown}…` : shown)}</bdi>
}
