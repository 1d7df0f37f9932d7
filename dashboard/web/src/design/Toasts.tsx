import { pageMessages } from '../app/pageMessages.ts'
import { sayFrom } from '../app/text.ts'
import { Button } from './Button.tsx'
import { Shape } from './Status.tsx'
import { dismissToast, toasts } from './toasts.ts'

const t = sayFrom(pageMessages)

/** Where notices appear; there once, in the shell. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, tone, undo }) => (
        <div class="toast" key={id}>
          <Shape tone={tone} />
          <span class="toast-text">{text}</span>
          {undo && (
            <Button
              onClick={() => {
                dismissToast(id)
                undo()
              }}
            >
              {t('page.undo')}
            </Button>
          )}
          <Button kind="quiet" label={t('page.dismiss')} onClick={() => dismissToast(id)}>
            ×
          </Button>
        </div>
      ))}
    </div>
  )
}
