import { Button } from '../design/Button.tsx'
import { useDialog } from '../design/ConfirmDialog.tsx'
import { VIEW_KEYS } from './keys.ts'
import { overlay } from './overlays.ts'
import { pageMessages } from './pageMessages.ts'
import { NAVIGATION } from './route.ts'
import { sayFrom } from './text.ts'

const t = sayFrom(pageMessages)

/** The list of keys. */
export function Shortcuts() {
  const isOpen = overlay.value === 'shortcuts'
  const dialog = useDialog(isOpen)
  const close = () => {
    if (overlay.value === 'shortcuts') overlay.value = 'none'
  }
  return (
    <dialog ref={dialog} class="dialog" aria-label={t('page.shortcuts')} onClose={close}>
      {isOpen && (
        <>
          <h2>{t('page.shortcuts')}</h2>
          <dl class="shortcut-list">
            <Row keys={['Ctrl/⌘', 'K']} what={t('page.key.palette')} />
            <Row keys={['?']} what={t('page.key.shortcuts')} />
            <Row keys={['Esc']} what={t('page.key.escape')} />
            <Row keys={['←', '→']} what={t('page.key.arrows')} />
            {NAVIGATION.map((view) => (
              <Row key={view} keys={['g', VIEW_KEYS[view]]} what={t(`page.nav.${view}`)} />
            ))}
          </dl>
          <footer class="dialog-foot">
            <Button onClick={close}>{t('page.close')}</Button>
          </footer>
        </>
      )}
    </dialog>
  )
}

function Row({ keys, what }: { keys: readonly string[]; what: string }) {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </div>
  )
}
