import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { pageMessages } from '../app/pageMessages.ts'
import { sayFrom } from '../app/text.ts'
import { Button } from './Button.tsx'

const t = sayFrom(pageMessages)

type ConfirmProps = {
  readonly isOpen: boolean
  /** A question: "Restart the agent?" */
  readonly title: string
  /** What will happen, and what will not. */
  readonly children: ComponentChildren
  /** The verb that is done: "Restart". */
  readonly confirmLabel: string
  readonly isDanger?: boolean
  readonly isBusy?: boolean
  readonly canConfirm?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something is done. The way out has the focus; Escape takes it. */
export function ConfirmDialog(props: ConfirmProps) {
  const { isOpen, title, children, confirmLabel, isDanger, isBusy, canConfirm = true, onConfirm, onClose } = props
  const dialog = useDialog(isOpen)
  const id = useId()
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={onClose}>
      {isOpen && (
        <form
          method="dialog"
          onSubmit={(event) => {
            event.preventDefault()
            if (canConfirm && !isBusy) onConfirm()
          }}
        >
          <h2 id={id}>{title}</h2>
          <div class="dialog-body">{children}</div>
          <footer class="dialog-foot">
            <Button onClick={onClose}>{t('page.cancel')}</Button>
            <Button
              type="submit"
              kind={isDanger ? 'danger' : 'primary'}
              isBusy={isBusy ?? false}
              disabled={!canConfirm}
            >
              {confirmLabel}
            </Button>
          </footer>
        </form>
      )}
    </dialog>
  )
}

/** Opens and closes a native dialog as `isOpen` says; the browser keeps the focus inside and gives it back. */
export function useDialog(isOpen: boolean) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    if (isOpen && !element?.open) element?.showModal()
    if (!isOpen && element?.open) element.close()
  }, [isOpen])
  return dialog
}
