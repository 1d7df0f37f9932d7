import type { ComponentChildren } from 'preact'

type ButtonProps = {
  readonly children: ComponentChildren
  readonly onClick?: (() => void) | undefined
  /** `primary` the one thing to do here, `danger` what cannot be taken back, `quiet` without a frame. */
  readonly kind?: 'primary' | 'danger' | 'quiet'
  readonly isBusy?: boolean
  readonly disabled?: boolean
  readonly type?: 'button' | 'submit'
  /** Name for a screen reader where the children are a sign only; shown as a title too. */
  readonly label?: string
  readonly pressed?: boolean
  readonly expanded?: boolean
}

/** A button. While busy it stays focusable, says so and does nothing. */
export function Button({
  children,
  onClick,
  kind,
  isBusy,
  disabled,
  type = 'button',
  label,
  pressed,
  expanded,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button ${kind ?? ''}`}
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || undefined}
      disabled={disabled}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={(event) => {
        if (isBusy) event.preventDefault()
        else onClick?.()
      }}
    >
      {children}
    </button>
  )
}
