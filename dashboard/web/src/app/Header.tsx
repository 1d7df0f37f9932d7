import { Button } from '../design/Button.tsx'
import { Shape, Status } from '../design/Status.tsx'
import { Time } from '../design/Time.tsx'
import { lastHeardAt, liveState } from '../live/live.ts'
import { currentState } from './currentState.ts'
import { overlay } from './overlays.ts'
import { Preferences } from './Preferences.tsx'
import { pageMessages } from './pageMessages.ts'
import { linkTo } from './router.ts'
import { sayFrom } from './text.ts'

const t = sayFrom(pageMessages)

/** The head of each view: whose page it is, how it is, whether that is live, and the ways to everything. */
export function Header() {
  const state = currentState()
  return (
    <header class="top">
      <a class="brand" href={linkTo('overview')} aria-label={t('page.name')}>
        <BrandMark />
        <span>{t('page.name')}</span>
      </a>
      <Status tone={state.tone} word={state.word} />
      <LiveMark />
      <div class="top-end">
        <Button kind="quiet" label={`${t('page.palette')} (Ctrl/⌘ K)`} onClick={() => (overlay.value = 'palette')}>
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <path
              d="M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3zM13.5 13.5L18 18"
              fill="none"
              stroke="currentColor"
              stroke-width="1.7"
            />
          </svg>
        </Button>
        <Preferences />
      </div>
    </header>
  )
}

/** The doll that stands up again. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" class="brand-mark">
      <circle cx="16" cy="20" r="10" fill="currentColor" />
      <circle cx="16" cy="8.5" r="6" fill="currentColor" />
      <circle cx="14" cy="8" r="0.9" fill="var(--surface)" />
      <circle cx="18" cy="8" r="0.9" fill="var(--surface)" />
      <path d="M7.5 19h17" stroke="var(--surface)" stroke-width="1.8" />
    </svg>
  )
}

/** live / reconnecting / paused, and when something was heard last. A screen reader hears the word when it changes, never the seconds. */
function LiveMark() {
  const state = liveState.value
  const at = lastHeardAt.value
  const tone = state === 'live' ? 'good' : state === 'paused' ? 'idle' : 'warn'
  return (
    <div class={`live live-${state}`} title={t('page.liveTitle')}>
      <span role="status" class="live-word">
        <Shape tone={tone} size={12} />
        {t(`page.${state}`)}
      </span>
      <span class="live-at">
        {at === null ? (
          t('page.notYet')
        ) : (
          <>
            {t('page.lastUpdate')} <Time at={at} as="relative" />
          </>
        )}
      </span>
    </div>
  )
}
