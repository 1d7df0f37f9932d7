import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { useDialog } from '../design/ConfirmDialog.tsx'
import { overlay } from './overlays.ts'
import { pageMessages } from './pageMessages.ts'
import { type PaletteItem, paletteItems } from './paletteItems.ts'
import { rank } from './paletteMatch.ts'
import { sayFrom } from './text.ts'

const t = sayFrom(pageMessages)

/** Goes anywhere and does anything by a few letters: the field keeps the focus, the arrows choose, Enter goes. */
export function CommandPalette() {
  const isOpen = overlay.value === 'palette'
  const dialog = useDialog(isOpen)
  const close = () => {
    if (overlay.value === 'palette') overlay.value = 'none'
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside it closes it; for keys the browser does so with Escape
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={t('page.palette')}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      {isOpen && <PaletteBody onClose={close} />}
    </dialog>
  )
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const found = rank(typed, paletteItems())
  const at = Math.min(chosen, found.length - 1)
  useEffect(
    () => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }),
    [at, typed],
  )
  const run = (item: PaletteItem | undefined) => {
    if (!item) return
    // Closed first: what is run may open a dialog of its own.
    onClose()
    queueMicrotask(item.run)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const to = movedTo(event.key, at, found.length)
    if (to === null && event.key !== 'Enter') return
    event.preventDefault()
    if (to === null) run(found[at])
    else setChosen(to)
  }
  return (
    <>
      <input
        class="palette-field"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found[at] ? `${id}-${found[at].id}` : undefined}
        aria-label={t('page.paletteHint')}
        placeholder={t('page.paletteHint')}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <p class="sr-only" role="status">
        {t('page.paletteCount', { count: found.length })}
      </p>
      {found.length === 0 && <p class="palette-none">{t('page.paletteNone')}</p>}
      <div class="palette-list" id={id} role="listbox" aria-label={t('page.palette')} ref={list}>
        {found.map((item, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and takes the keys for the list
          <div
            key={item.id}
            id={`${id}-${item.id}`}
            role="option"
            aria-selected={place === at}
            tabIndex={-1}
            onClick={() => run(item)}
          >
            <span>{item.names[0]}</span>
            <span class="palette-kind">{item.kind}</span>
          </div>
        ))}
      </div>
    </>
  )
}

function movedTo(key: string, at: number, count: number): number | null {
  if (count === 0) return null
  if (key === 'ArrowDown') return (at + 1) % count
  if (key === 'ArrowUp') return (at - 1 + count) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}
