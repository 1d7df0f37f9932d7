import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { pageMessages } from '../app/pageMessages.ts'
import { sayFrom } from '../app/text.ts'
import { Time } from './Time.tsx'

const t = sayFrom(pageMessages)

type CardProps = {
  readonly title: string
  /** Beside the title: a link, a switch. */
  readonly aside?: ComponentChildren
  /** True mutes every figure inside and says of when they are. */
  readonly stale?: boolean
  /** When its figures were read; ISO 8601. */
  readonly asOf?: string | null
  /** Over two columns, or the whole width. */
  readonly width?: 'wide' | 'full'
  readonly children: ComponentChildren
}

/** A named part of a view. */
export function Card({ title, aside, stale = false, asOf = null, width, children }: CardProps) {
  const id = useId()
  return (
    <section class={`card ${width ?? ''} ${stale ? 'is-stale' : ''}`} aria-labelledby={id}>
      <header class="card-head">
        <h2 id={id}>{title}</h2>
        {stale && <AsOf at={asOf} />}
        {aside && <div class="card-aside">{aside}</div>}
      </header>
      {children}
    </section>
  )
}

/** "as of 14:02": what stands beside a figure that is not new. */
export function AsOf({ at }: { at: string | null }) {
  return (
    <span class="as-of">
      {t('page.asOf')} <Time at={at} />
    </span>
  )
}
