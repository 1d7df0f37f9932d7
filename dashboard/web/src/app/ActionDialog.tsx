import { useState } from 'preact/hooks'
import { ConfirmDialog } from '../design/ConfirmDialog.tsx'
import { askedAction, performAction } from './actions.ts'
import { pageMessages } from './pageMessages.ts'
import { sayFrom } from './text.ts'

const t = sayFrom(pageMessages)
const DANGEROUS: ReadonlySet<string> = new Set(['restart', 'drill', 'safe-mode-on', 'roll-back-settings', 'cancel-run'])

/** The one dialog that asks before an action; there once, in the shell. */
export function ActionDialog() {
  const [isBusy, setBusy] = useState(false)
  const asked = askedAction.value
  const close = () => {
    askedAction.value = null
  }
  const confirm = async () => {
    if (!asked) return
    setBusy(true)
    await performAction(asked)
    setBusy(false)
    close()
  }
  return (
    <ConfirmDialog
      isOpen={asked !== null}
      title={asked ? `${t(`page.act.${asked.name}`)}?` : ''}
      confirmLabel={asked ? t(`page.act.${asked.name}`) : ''}
      isDanger={asked !== null && DANGEROUS.has(asked.name)}
      isBusy={isBusy}
      onConfirm={() => void confirm()}
      onClose={close}
    >
      {asked && <p>{t(`page.act.${asked.name}.what`)}</p>}
    </ConfirmDialog>
  )
}
