import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

type TabsProps<Key extends string> = {
  /** Names the row of tabs. */
  readonly label: string
  readonly tabs: readonly { readonly key: Key; readonly label: string }[]
  readonly current: Key
  readonly onChange: (key: Key) => void
  /** The panel of the current tab. */
  readonly children: ComponentChildren
}

/** Tabs over one panel: arrow keys walk and choose, Home and End go to the ends. */
export function Tabs<Key extends string>({ label, tabs, current, onChange, children }: TabsProps<Key>) {
  const id = useId()
  const row = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const to = nextTab(
      event.key,
      tabs.findIndex(({ key }) => key === current),
      tabs.length,
    )
    const tab = to === null ? undefined : tabs[to]
    if (!tab || to === null) return
    event.preventDefault()
    onChange(tab.key)
    row.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus()
  }
  return (
    <div class="tabs">
      <div class="tab-row" role="tablist" aria-label={label} ref={row} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            type="button"
            role="tab"
            key={tab.key}
            id={`${id}-${tab.key}`}
            aria-selected={tab.key === current}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === current ? 0 : -1}
            onClick={() => onChange(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`}>
        {children}
      </div>
    </div>
  )
}

function nextTab(key: string, at: number, count: number): number | null {
  if (key === 'ArrowRight') return (at + 1) % count
  if (key === 'ArrowLeft') return (at - 1 + count) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}

type ChoiceProps<Key extends string> = Omit<TabsProps<Key>, 'tabs' | 'children'> & {
  readonly choices: readonly { readonly key: Key; readonly label: string }[]
}

/** One of a few, in a row: windows of time, languages, schemes. */
export function Choice<Key extends string>({ label, choices, current, onChange }: ChoiceProps<Key>) {
  const name = useId()
  return (
    <fieldset class="choice">
      <legend class="sr-only">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.key} class={choice.key === current ? 'is-chosen' : ''}>
          <input
            type="radio"
            name={name}
            value={choice.key}
            checked={choice.key === current}
            onChange={() => onChange(choice.key)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
