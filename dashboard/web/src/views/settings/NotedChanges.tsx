import { useState } from 'preact/hooks'
import { dashboardSettingsMessages } from '../../../../../src/shared/messages/dashboardSettings.ts'
import type { SettingsCheck } from '../../../../contractViews.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx'
import { EmptyState, Notice } from '../../design/Notes.tsx'
import { showToast } from '../../design/toasts.ts'
import { VisibleText } from '../../design/VisibleText.tsx'
import { checkSettings } from '../../live/api.ts'
import { useDoing } from '../useDoing.ts'
import { diffLines } from './diffLines.ts'
import type { Changes } from './SettingsView.tsx'
import { saveChecked } from './saving.ts'

const t = sayFrom(dashboardSettingsMessages)

type NotedProps = { readonly changes: Changes; readonly onDrop: () => void; readonly onSaved: () => void }

/** The bar of what was noted: looked at as a difference, then saved. It stands only while there is something. */
export function NotedChanges({ changes, onDrop, onSaved }: NotedProps) {
  const [check, setCheck] = useState<SettingsCheck | null>(null)
  const { isBusy, run } = useDoing()
  const count = Object.keys(changes).length
  if (count === 0) return null
  const save = (checked: SettingsCheck) =>
    run(
      () => saveChecked(changes, checked),
      (result) => {
        if (!result.saved) return setCheck(result)
        setCheck(null)
        showToast({ text: t('settingsView.saved') })
        onSaved()
      },
    )
  return (
    <section class="noted-bar" aria-label={t('settingsView.changes', { count })}>
      <strong role="status">{t('settingsView.changes', { count })}</strong>
      <div class="row">
        <Button onClick={onDrop}>{t('settingsView.dropAll')}</Button>
        <Button kind="primary" isBusy={isBusy} onClick={() => void run(() => checkSettings(changes), setCheck)}>
          {t('settingsView.review')}
        </Button>
      </div>
      <ConfirmDialog
        isOpen={check !== null}
        isBusy={isBusy}
        title={t('settingsView.saveTitle')}
        confirmLabel={t('settingsView.save')}
        canConfirm={check !== null && check.problems.length === 0 && check.diff !== ''}
        onClose={() => setCheck(null)}
        onConfirm={() => void (check && save(check))}
      >
        {check && <Checked check={check} />}
      </ConfirmDialog>
    </section>
  )
}

function Checked({ check: { diff, problems, notes = [] } }: { check: SettingsCheck }) {
  if (problems.length > 0) {
    return (
      <Notice tone="bad">
        <p>{t('settingsView.cannotSave')}</p>
        <Sentences sentences={problems} />
      </Notice>
    )
  }
  if (diff === '') return <EmptyState text={t('settingsView.noDifference')} />
  return (
    <>
      <p>{t('settingsView.saveBody')}</p>
      {notes.length > 0 && (
        <Notice>
          <Sentences sentences={notes} />
        </Notice>
      )}
      <Difference diff={diff} />
    </>
  )
}

function Sentences({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul>
      {sentences.map((sentence) => (
        <li key={sentence}>
          <VisibleText text={sentence} />
        </li>
      ))}
    </ul>
  )
}

const SIGNS = { in: '+', out: '−', same: ' ', place: '' } as const

/** A difference by sign, word and colour. */
function Difference({ diff }: { diff: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="diff" aria-label={t('settingsView.diff')} tabIndex={0}>
      {diffLines(diff).map(({ kind, text }, at) => (
        <div key={at} class={`diff-line diff-${kind}`}>
          <span aria-hidden="true">{SIGNS[kind]}</span>
          {kind === 'in' && <span class="sr-only">{t('settingsView.added')}: </span>}
          {kind === 'out' && <span class="sr-only">{t('settingsView.removed')}: </span>}
          <code>
            <VisibleText text={text} limit={500} />
          </code>
        </div>
      ))}
    </section>
  )
}
