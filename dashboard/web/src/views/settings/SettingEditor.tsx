import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { dashboardSettingsMessages } from '../../../../../src/shared/messages/dashboardSettings.ts'
import type { SettingRow } from '../../../../contractViews.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { fieldKindOf, printedValue, readTyped } from './typedValue.ts'

const t = sayFrom(dashboardSettingsMessages)

type EditorProps = {
  readonly row: SettingRow
  /** What was noted before; undefined where nothing was. */
  readonly noted: unknown
  readonly onNote: (value: unknown) => void
  readonly onDrop: () => void
  readonly onClose: () => void
}

/** The field for a new value. It only notes the change; what it does to the file is shown before it is saved. */
export function SettingEditor({ row, noted, onNote, onDrop, onClose }: EditorProps) {
  const [typed, setTyped] = useState(() => printedValue(noted === undefined ? row.value : noted))
  const id = useId()
  const read = readTyped(typed, row.value)
  const isSame = read.ok && JSON.stringify(read.value) === JSON.stringify(row.value)
  const note = () => {
    if (!read.ok) return
    if (isSame) onDrop()
    else onNote(read.value)
    onClose()
  }
  return (
    <form
      class="setting-editor"
      onSubmit={(event) => {
        event.preventDefault()
        note()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <div class="field grow">
        <label for={`${id}-field`}>{t('settingsView.value')}</label>
        <ValueField
          id={`${id}-field`}
          value={row.value}
          typed={typed}
          onTyped={setTyped}
          describedBy={read.ok ? undefined : id}
        />
      </div>
      {!read.ok && (
        <p id={id} class="field-problem" role="alert">
          {t(read.reason === 'number' ? 'settingsView.badNumber' : 'settingsView.badJson')}
        </p>
      )}
      <div class="row">
        <Button
          onClick={() => {
            onDrop()
            onClose()
          }}
        >
          {t('settingsView.drop')}
        </Button>
        <Button type="submit" kind="primary" disabled={!read.ok}>
          {t('settingsView.keep')}
        </Button>
      </div>
    </form>
  )
}

type FieldProps = {
  readonly id: string
  readonly value: unknown
  readonly typed: string
  readonly onTyped: (typed: string) => void
  readonly describedBy: string | undefined
}

function ValueField({ id, value, typed, onTyped, describedBy }: FieldProps) {
  const kind = fieldKindOf(value)
  const place = useRef<HTMLElement | null>(null)
  useEffect(() => place.current?.focus(), [])
  const hold = (element: HTMLElement | null) => {
    place.current = element
  }
  if (kind === 'switch') {
    return (
      <select id={id} ref={hold} value={typed} onChange={({ currentTarget }) => onTyped(currentTarget.value)}>
        <option value="true">{t('settingsView.on')}</option>
        <option value="false">{t('settingsView.off')}</option>
      </select>
    )
  }
  const shared = {
    id,
    ref: hold,
    value: typed,
    'aria-describedby': describedBy,
    'aria-invalid': describedBy !== undefined,
  }
  if (kind === 'json') {
    return <textarea {...shared} rows={3} onInput={({ currentTarget }) => onTyped(currentTarget.value)} />
  }
  return (
    <input
      {...shared}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      onInput={({ currentTarget }) => onTyped(currentTarget.value)}
    />
  )
}
