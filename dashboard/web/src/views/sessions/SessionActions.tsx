import { useState } from 'preact/hooks'
import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import type { SessionSummary } from '../../../../../src/shared/sessions/recorded.ts'
import { goTo, linkTo } from '../../app/router.ts'
import { sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx'
import { showToast } from '../../design/toasts.ts'
import { visibleIn } from '../../design/visible.ts'
import { useDoing } from '../useDoing.ts'
import { branchSession, deleteSession, exportAddress, renameSession } from './changes.ts'

const t = sayFrom(dashboardSessionsMessages)

type ActionProps = { readonly summary: SessionSummary; readonly onChanged: () => void }
type Opened = 'rename' | 'branch' | 'delete' | null

/** What can be done with a session. Everything but reading asks before. */
export function SessionActions({ summary, onChanged }: ActionProps) {
  const [opened, setOpened] = useState<Opened>(null)
  const close = () => setOpened(null)
  const { session } = summary
  return (
    <div class="row">
      <a href={linkTo('chat', session)} class="button primary">
        {t('sessionsView.openChat')}
      </a>
      <Button onClick={() => setOpened('rename')}>{t('sessionsView.rename')}</Button>
      <Button onClick={() => setOpened('branch')}>{t('sessionsView.branch')}</Button>
      <a class="button" href={exportAddress(session, 'json')} download>
        {t('sessionsView.export')} {t('sessionsView.exportJson')}
      </a>
      <a class="button" href={exportAddress(session, 'markdown')} download>
        {t('sessionsView.export')} {t('sessionsView.exportMarkdown')}
      </a>
      <Button kind="danger" onClick={() => setOpened('delete')}>
        {t('sessionsView.delete')}
      </Button>
      <RenameDialog isOpen={opened === 'rename'} {...{ summary, onChanged, close }} />
      <BranchDialog isOpen={opened === 'branch'} {...{ summary, onChanged, close }} />
      <DeleteDialog isOpen={opened === 'delete'} {...{ summary, onChanged, close }} />
    </div>
  )
}

type DialogProps = ActionProps & { readonly isOpen: boolean; readonly close: () => void }

function RenameDialog({ isOpen, summary, onChanged, close }: DialogProps) {
  const [name, setName] = useState(summary.name ?? summary.title)
  const { isBusy, run } = useDoing()
  const wish = name.trim()
  return (
    <ConfirmDialog
      {...{ isOpen, isBusy }}
      title={t('sessionsView.renameTitle')}
      confirmLabel={t('sessionsView.rename')}
      canConfirm={wish !== '' && wish !== summary.name}
      onClose={close}
      onConfirm={() =>
        void run(
          () => renameSession(summary.session, wish),
          () => {
            close()
            showToast({ text: t('sessionsView.renamed', { name: visibleIn(wish) }) })
            onChanged()
          },
        )
      }
    >
      <label class="field">
        <span>{t('sessionsView.name')}</span>
        <input value={name} maxLength={200} onInput={({ currentTarget }) => setName(currentTarget.value)} />
      </label>
    </ConfirmDialog>
  )
}

function BranchDialog({ isOpen, summary, close }: DialogProps) {
  const { isBusy, run } = useDoing()
  return (
    <ConfirmDialog
      {...{ isOpen, isBusy }}
      title={t('sessionsView.branchTitle')}
      confirmLabel={t('sessionsView.branch')}
      onClose={close}
      onConfirm={() =>
        void run(
          () => branchSession(summary.session),
          ({ session }) => {
            close()
            showToast({ text: t('sessionsView.branched') })
            goTo(linkTo('sessions', session))
          },
        )
      }
    >
      <p>{t('sessionsView.branchBody')}</p>
    </ConfirmDialog>
  )
}

function DeleteDialog({ isOpen, summary, close }: DialogProps) {
  const { isBusy, run } = useDoing()
  return (
    <ConfirmDialog
      {...{ isOpen, isBusy }}
      isDanger
      title={t('sessionsView.deleteTitle')}
      confirmLabel={t('sessionsView.delete')}
      onClose={close}
      onConfirm={() =>
        void run(
          () => deleteSession(summary.session),
          () => {
            close()
            showToast({ text: t('sessionsView.deleted') })
            goTo(linkTo('sessions'))
          },
        )
      }
    >
      <p>{t('sessionsView.deleteBody', { title: visibleIn(summary.title) })}</p>
    </ConfirmDialog>
  )
}
