import { useEffect, useState } from 'preact/hooks'
import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import type { RecordedEvent } from '../../../../../src/shared/sessions/recorded.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { beginReplay, moveOfKey, moveReplay, pauseBetween, type ReplayCursor, type ReplayMove } from './replayCursor.ts'

const t = sayFrom(dashboardSessionsMessages)

type ReplayProps = { readonly events: readonly RecordedEvent[]; readonly onShown: (shown: number) => void }

/** The controls of a replay: a slider, buttons and keys. It plays in the pace of the run, with long waits shortened. */
export function Replay({ events, onShown }: ReplayProps) {
  const [cursor, setCursor] = useState(() => beginReplay(events.length))
  const move = (wish: ReplayMove) => setCursor((before) => moveReplay(before, wish))
  useEffect(() => move({ do: 'grow', total: events.length }), [events.length])
  useEffect(() => onShown(cursor.shown), [cursor.shown])
  usePlaying(cursor, events, move)
  const { shown, total, isPlaying } = cursor
  const onKeyDown = (event: KeyboardEvent) => {
    const wish = isButton(event.target) && event.key === ' ' ? undefined : moveOfKey(event.key)
    if (!wish) return
    event.preventDefault()
    move(wish)
  }
  const position = t('sessionsView.position', { shown, total })
  return (
    <fieldset class="replay" onKeyDown={onKeyDown}>
      <legend class="sr-only">{t('sessionsView.replay')}</legend>
      <input
        type="range"
        min={1}
        max={total}
        value={shown}
        aria-label={t('sessionsView.replay')}
        aria-valuetext={position}
        onInput={({ currentTarget }) => move({ do: 'go', to: Number(currentTarget.value) })}
      />
      <div class="row">
        <Button onClick={() => move({ do: 'first' })} disabled={shown <= 1}>
          {t('sessionsView.first')}
        </Button>
        <Button onClick={() => move({ do: 'previous' })} disabled={shown <= 1}>
          {t('sessionsView.previous')}
        </Button>
        <Button kind="primary" onClick={() => move({ do: 'toggle' })}>
          {t(isPlaying ? 'sessionsView.pause' : 'sessionsView.play')}
        </Button>
        <Button onClick={() => move({ do: 'next' })} disabled={shown >= total}>
          {t('sessionsView.next')}
        </Button>
        <Button onClick={() => move({ do: 'last' })} disabled={shown >= total}>
          {t('sessionsView.last')}
        </Button>
        <output class="soft">{position}</output>
      </div>
      <p class="soft">{t('sessionsView.replayHint')}</p>
    </fieldset>
  )
}

function isButton(target: EventTarget | null): boolean {
  return target instanceof HTMLButtonElement
}

function usePlaying(
  { shown, isPlaying }: ReplayCursor,
  events: readonly RecordedEvent[],
  move: (wish: ReplayMove) => void,
): void {
  useEffect(() => {
    if (!isPlaying) return undefined
    const pauseMs = pauseBetween(events[shown - 1]?.at ?? '', events[shown]?.at ?? '')
    const timer = setTimeout(() => move({ do: 'tick' }), pauseMs)
    return () => clearTimeout(timer)
  }, [shown, isPlaying])
}
