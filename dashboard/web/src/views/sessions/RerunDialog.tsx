import { useState } from 'preact/hooks'
import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import { goTo, linkTo } from '../../app/router.ts'
import { sayFrom } from '../../app/text.ts'
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx'
import { showToast } from '../../design/toasts.ts'
import { ModelField } from '../ModelField.tsx'
import { useDoing } from '../useDoing.ts'
import { rerun } from './changes.ts'
import type { RunStory } from './runStory.ts'
import type { Step } from './step.ts'

const t = sayFrom(dashboardSessionsMessages)

type RerunProps = { readonly run: RunStory; readonly step: Step | null; readonly onClose: () => void }

/** Asks from which step, on which model, with or without effects; then opens the run that has begun. */
export function RerunDialog({ run, step, onClose }: RerunProps) {
  const [model, setModel] = useState('')
  const [dryRun, setDryRun] = useState(false)
  const doing = useDoing()
  return (
    <ConfirmDialog
      isOpen={step !== null}
      isBusy={doing.isBusy}
      title={t('sessionsView.rerunTitle')}
      confirmLabel={t('sessionsView.rerun')}
      onClose={onClose}
      onConfirm={() =>
        void doing.run(
          () => rerun(run.run, { fromSeq: step?.seq ?? 1, model: model.trim(), dryRun }),
          (begun) => {
            onClose()
            showToast({ text: t('sessionsView.rerunBegun', { run: begun.run }) })
            goTo(linkTo('sessions', begun.session, { run: begun.run }))
          },
        )
      }
    >
      <p>{t('sessionsView.rerunBody')}</p>
      {step !== null && (
        <ModelField label={t('sessionsView.rerunModel')} placeholder={run.model} value={model} onChange={setModel} />
      )}
      <label class="check">
        <input type="checkbox" checked={dryRun} onChange={(event) => setDryRun(event.currentTarget.checked)} />
        <span>{t('sessionsView.rerunDry')}</span>
      </label>
    </ConfirmDialog>
  )
}
