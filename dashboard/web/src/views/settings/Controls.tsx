import { useState } from 'preact/hooks'
import { dashboardSettingsMessages } from '../../../../../src/shared/messages/dashboardSettings.ts'
import type { ActionName } from '../../../../contractViews.ts'
import { askAction, offeredActions, performAction } from '../../app/actions.ts'
import { me } from '../../app/me.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { Card } from '../../design/Card.tsx'
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx'
import { overview } from '../../live/live.ts'

const t = sayFrom(dashboardSettingsMessages)
const says = sayFrom(pageMessages)

const MINUTES = { initial: 30, most: 24 * 60 }

type ControlsProps = { readonly canRollBack: boolean; readonly onChanged: () => void }

/** The switches of the whole: each says what it does, asks before, and tells what came of it with the way back. */
export function Controls({ canRollBack, onChanged }: ControlsProps) {
  const [isAsking, setAsking] = useState(false)
  if (!(me.value?.can.admin ?? false)) return null
  const offered = offeredActions(overview.value, me.value?.can ?? null).filter((name) => name !== 'acknowledge')
  const names: readonly ActionName[] = canRollBack ? [...offered, 'roll-back-settings'] : offered
  const press = (name: ActionName) => {
    if (name === 'maintenance-on') setAsking(true)
    else askAction(name, {}, onChanged)
  }
  return (
    <Card title={t('settingsView.controls')} width="full">
      <ul class="controls">
        {names.map((name) => (
          <li key={name} class="control">
            <div>
              <strong>{says(`page.act.${name}`)}</strong>
              <p class="soft">{name === 'maintenance-on' ? t('control.maintenance') : says(`page.act.${name}.what`)}</p>
            </div>
            <Button onClick={() => press(name)}>{says(`page.act.${name}`)}</Button>
          </li>
        ))}
      </ul>
      {!canRollBack && <p class="soft">{t('control.noRollBack')}</p>}
      <MaintenanceDialog isOpen={isAsking} onClose={() => setAsking(false)} />
    </Card>
  )
}

function MaintenanceDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [minutes, setMinutes] = useState(String(MINUTES.initial))
  const [reason, setReason] = useState('')
  const [isBusy, setBusy] = useState(false)
  const count = Number(minutes)
  const isRight = Number.isInteger(count) && count >= 1 && count <= MINUTES.most
  const confirm = async () => {
    setBusy(true)
    const isDone = await performAction({ name: 'maintenance-on', args: { minutes: count, reason: reason.trim() } })
    setBusy(false)
    if (isDone) onClose()
  }
  return (
    <ConfirmDialog
      {...{ isOpen, isBusy, onClose }}
      title={`${says('page.act.maintenance-on')}?`}
      confirmLabel={says('page.act.maintenance-on')}
      canConfirm={isRight}
      onConfirm={() => void confirm()}
    >
      <p>{t('control.maintenance')}</p>
      <label class="field">
        <span>{t('control.minutes', { most: MINUTES.most })}</span>
        <input inputMode="numeric" value={minutes} onInput={({ currentTarget }) => setMinutes(currentTarget.value)} />
      </label>
      <label class="field">
        <span>{t('control.reason')}</span>
        <input value={reason} maxLength={200} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
      </label>
    </ConfirmDialog>
  )
}
