import type { Tone } from './tone.ts'

/** A state as a shape and a word; colour only repeats what both say. */
export function Status({ tone, word }: { tone: Tone; word: string }) {
  return (
    <span class={`status tone-${tone}`}>
      <Shape tone={tone} />
      <span>{word}</span>
    </span>
  )
}

/** The shape of a tone, told apart without colour. It says nothing to a screen reader: the word beside it does. */
export function Shape({ tone, size = 16 }: { tone: Tone; size?: number }) {
  return (
    <svg class={`shape tone-${tone}`} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  )
}

const SHAPES = {
  good: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.8 8.2l2.2 2.2 4.2-4.6" fill="none" stroke="var(--surface)" stroke-width="1.8" />
    </>
  ),
  warn: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" />
      <path d="M8 1.8a6.2 6.2 0 0 0 0 12.4z" fill="currentColor" />
    </>
  ),
  bad: (
    <>
      <path d="M8 1l7.4 13.4H.6z" fill="currentColor" />
      <path d="M8 5.6v4.2M8 11.4v1.4" stroke="var(--surface)" stroke-width="1.7" />
    </>
  ),
  busy: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="3 2" />
      <circle cx="8" cy="8" r="2.6" fill="currentColor" />
    </>
  ),
  info: (
    <>
      <path d="M8 .8L15.2 8 8 15.2.8 8z" fill="currentColor" />
      <path d="M6.4 5.6v4.8M9.6 5.6v4.8" stroke="var(--surface)" stroke-width="1.6" />
    </>
  ),
  idle: <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" />,
  unknown: (
    <>
      <rect
        x="1.6"
        y="1.6"
        width="12.8"
        height="12.8"
        rx="3"
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        stroke-dasharray="2 1.6"
      />
      <path
        d="M6.2 6.3a1.9 1.9 0 1 1 2.6 1.9c-.6.3-.8.6-.8 1.3M8 11v1.2"
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
      />
    </>
  ),
} as const
