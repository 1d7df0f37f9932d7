import type { ComponentChildren } from 'preact'
import { DASH } from '../app/format.ts'

type FigureProps = {
  readonly label: string
  /** As it is shown; null is a dash, which is not a zero. */
  readonly value: string | null
  readonly unit?: string
  /** A line below: against what, over which time. */
  readonly note?: ComponentChildren
  readonly size?: 'large'
}

/** One figure with its name. Lies in a `FigureList`. */
export function Figure({ label, value, unit, note, size }: FigureProps) {
  const isKnown = value !== null && value !== DASH
  return (
    <div class={`figure ${size ?? ''}`}>
      <dt>{label}</dt>
      <dd>
        <span class={isKnown ? 'figure-value' : 'figure-value dash'}>{isKnown ? value : DASH}</span>
        {isKnown && unit && <span class="figure-unit"> {unit}</span>}
        {note && <span class="figure-note">{note}</span>}
      </dd>
    </div>
  )
}

/** Figures side by side, as many as fit. */
export function FigureList({ children }: { children: ComponentChildren }) {
  return <dl class="figures">{children}</dl>
}

/** A share of a whole as a bar beside its words; null draws nothing. At 80 % it warns, at 100 % it is full. */
export function Meter({ share, label }: { share: number | null; label: string }) {
  if (share === null) return null
  return (
    <meter
      class="meter"
      aria-label={label}
      min={0}
      max={1}
      low={WARN_AT}
      high={FULL_AT}
      optimum={0}
      value={Math.min(1, share)}
    >
      {`${Math.round(share * 100)} %`}
    </meter>
  )
}

const WARN_AT = 0.8
const FULL_AT = 0.999
