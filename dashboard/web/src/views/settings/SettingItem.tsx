import { useState } from 'preact/hooks'
import { dashboardSettingsMessages } from '../../../../../src/shared/messages/dashboardSettings.ts'
import type { SettingRow } from '../../../../contractViews.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { CopyButton } from '../../design/CopyButton.tsx'
import { VisibleText } from '../../design/VisibleText.tsx'
import { SettingEditor } from './SettingEditor.tsx'
import type { Changes } from './SettingsView.tsx'
import { printedValue } from './typedValue.ts'

const t = sayFrom(dashboardSettingsMessages)

type ItemProps = {
  readonly row: SettingRow
  readonly mayChange: boolean
  readonly changes: Changes
  readonly onNote: (value: unknown) => void
  readonly onDrop: () => void
}

/** One setting: its value, where that comes from, what it does, and how it is changed. */
export function SettingItem({ row, mayChange, changes, onNote, onDrop }: ItemProps) {
  const [isEditing, setEditing] = useState(false)
  const { key, description, from, ownerOnly } = row
  const isNoted = Object.hasOwn(changes, key)
  const isOverridden = from === 'environment' || from === 'env-file'
  return (
    <li class={`setting ${isNoted ? 'is-noted' : ''}`}>
      <div class="setting-head">
        <code class="setting-key">{key}</code>
        <Value row={row} noted={isNoted ? changes[key] : undefined} isNoted={isNoted} />
        <span class={`source source-${from}`}>{t(`settingsView.from.${from}`)}</span>
        {mayChange && !ownerOnly && !row.isSecret && !isEditing && (
          <Button kind="quiet" label={t('settingsView.editKey', { key })} onClick={() => setEditing(true)}>
            {t('settingsView.edit')}
          </Button>
        )}
      </div>
      <p class="soft">
        <VisibleText text={description} />
      </p>
      {isOverridden && !row.isSecret && <p class="soft">{t('settingsView.overridden')}</p>}
      {ownerOnly && !row.isSecret && <OwnerOnly settingKey={key} />}
      {isEditing && (
        <SettingEditor
          row={row}
          noted={isNoted ? changes[key] : undefined}
          onClose={() => setEditing(false)}
          {...{ onNote, onDrop }}
        />
      )}
    </li>
  )
}

type ValueProps = { readonly row: SettingRow; readonly noted: unknown; readonly isNoted: boolean }

function Value({ row, noted, isNoted }: ValueProps) {
  if (row.isSecret) return <span class="setting-value soft">{t('settingsView.secret')}</span>
  const printed = printedValue(row.value)
  return (
    <span class="setting-value">
      <code class={isNoted ? 'is-old' : ''}>
        {printed === '' ? t('settingsView.empty') : <VisibleText text={printed} limit={300} />}
      </code>
      {isNoted && (
        <>
          {' → '}
          <code>
            <VisibleText text={printedValue(noted) || t('settingsView.empty')} limit={300} />
          </code>
        </>
      )}
    </span>
  )
}

function OwnerOnly({ settingKey }: { settingKey: string }) {
  const command = `ottugi config set ${settingKey} <value>`
  return (
    <p class="soft row">
      {t('settingsView.ownerOnly')} <code>{command}</code> <CopyButton text={command} />
    </p>
  )
}
