import { askedAction } from './actions.ts'
import { type Wish, wishOf } from './keys.ts'
import { overlay } from './overlays.ts'
import { goTo, linkTo } from './router.ts'

/** How long a letter may come after `g`. */
const AWAIT_MS = 1_500

/** Listens to the keys of the shell. */
export function startKeys(): void {
  let awaitedUntil = 0
  document.addEventListener('keydown', (event) => {
    const isAwaiting = event.timeStamp < awaitedUntil
    awaitedUntil = 0
    const wish = wishIn(event, isAwaiting)
    if (wish.kind === 'nothing') return
    event.preventDefault()
    if (wish.kind === 'awaitView') awaitedUntil = event.timeStamp + AWAIT_MS
    else grant(wish)
  })
}

function wishIn(event: KeyboardEvent, isAwaiting: boolean): Wish {
  const { key, isComposing, ctrlKey, metaKey, altKey, shiftKey, target } = event
  const isCommand = (ctrlKey || metaKey) && !shiftKey
  // Ctrl with Shift and everything with Alt belong to the browser and to the layout.
  if (altKey || isBusy(isCommand) || (!isCommand && (ctrlKey || metaKey))) return { kind: 'nothing' }
  return wishOf({ key, isCommand, isTyping: isTyping(target), isComposing }, isAwaiting)
}

/** A dialog has the keys to itself; only the palette gives way to its own key. */
function isBusy(isCommand: boolean): boolean {
  if (askedAction.value !== null || document.querySelector('dialog[open]:not(.palette)')) return true
  return overlay.value !== 'none' && !isCommand
}

function grant(wish: Exclude<Wish, { kind: 'awaitView' | 'nothing' }>): void {
  if (wish.kind === 'go') goTo(linkTo(wish.view))
  else overlay.value = overlay.value === wish.kind ? 'none' : wish.kind
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]')
  )
}
