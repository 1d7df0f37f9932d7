import { useRef, useState } from 'preact/hooks'
import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import type { ListedJob, Trigger } from '../../../../../src/shared/schedule/job.ts'
import { formatDuration } from '../../app/format.ts'
import { me } from '../../app/me.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Button } from '../../design/Button.tsx'
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx'
import { EmptyState } from '../../design/Notes.tsx'
import { Status } from '../../design/Status.tsx'
import { Time } from '../../design/Time.tsx'
import { showToast } from '../../design/toasts.ts'
import { VisibleText } from '../../design/VisibleText.tsx'
import { visibleIn } from '../../design/visible.ts'
import { freshId } from '../chat/freshId.ts'
import { useDoing } from '../useDoing.ts'
import { JobHistory } from './JobHistory.tsx'
import { doWithJob, type JobDeed } from './jobs.ts'

const t = sayFrom(dashboardViewsMessages)

type JobsProps = { readonly jobs: readonly ListedJob[]; readonly onChanged: () => void }

/** The jobs: when each is due, and what can be done with it. */
export function Jobs({ jobs, onChanged }: JobsProps) {
  if (jobs.length === 0) return <EmptyState text={t('toolsView.noJobs', { command: 'ottugi schedule add' })} />
  return (
    <ul class="jobs">
      {jobs.map((job) => (
        <JobItem key={job.id} job={job} onChanged={onChanged} />
      ))}
    </ul>
  )
}

function JobItem({ job, onChanged }: { job: ListedJob; onChanged: () => void }) {
  const [asked, setAsked] = useState<JobDeed | null>(null)
  const [isOpen, setOpen] = useState(false)
  const mayDo = me.value?.can.chat ?? false
  return (
    <li class="job">
      <div class="row">
        <strong>
          <VisibleText text={job.name} />
        </strong>
        <Status tone={job.paused ? 'idle' : 'good'} word={t(job.paused ? 'toolsView.paused' : 'toolsView.active')} />
        <span class="soft">
          <VisibleText text={triggerWords(job.trigger, job.zone)} limit={300} />
        </span>
      </div>
      <p>
        <VisibleText text={job.prompt} limit={300} />
      </p>
      <p class="soft">
        {t('toolsView.next')}: <NextDue nextMs={job.nextMs} />
      </p>
      <div class="row">
        {mayDo && <Button onClick={() => setAsked('run-now')}>{t('toolsView.runNow')}</Button>}
        {mayDo && (
          <Button onClick={() => setAsked(job.paused ? 'resume' : 'pause')}>
            {t(job.paused ? 'toolsView.resume' : 'toolsView.pause')}
          </Button>
        )}
        <Button kind="quiet" expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t('toolsView.history')}
        </Button>
      </div>
      {isOpen && <JobHistory job={job.id} />}
      <JobDialog {...{ job, asked, onChanged }} onClose={() => setAsked(null)} />
    </li>
  )
}

function NextDue({ nextMs }: { nextMs: number | null }) {
  if (nextMs === null) return <Time at={null} />
  const at = new Date(nextMs).toISOString()
  return (
    <>
      <Time at={at} /> (<Time at={at} as="relative" />)
    </>
  )
}

function triggerWords(trigger: Trigger, zone: string): string {
  switch (trigger.kind) {
    case 'cron':
      return t('toolsView.trigger.cron', { line: trigger.line, zone })
    case 'every':
      return t('toolsView.trigger.every', { time: formatDuration(trigger.everyMs, language.value) })
    case 'file':
      return t('toolsView.trigger.file', { path: trigger.path })
    default:
      return t(`toolsView.trigger.${trigger.kind}`)
  }
}

type DialogProps = {
  readonly job: ListedJob
  readonly asked: JobDeed | null
  readonly onChanged: () => void
  readonly onClose: () => void
}

function JobDialog({ job, asked, onChanged, onClose }: DialogProps) {
  const { isBusy, run } = useDoing()
  // Sent twice, it is the same wish.
  const key = useRef('')
  if (asked === null) key.current = ''
  else if (key.current === '') key.current = freshId()
  const { id } = job
  const name = visibleIn(job.name)
  const words = wordsOf(asked ?? 'run-now', name)
  return (
    <ConfirmDialog
      isOpen={asked !== null}
      isBusy={isBusy}
      title={words.title}
      confirmLabel={words.verb}
      onClose={onClose}
      onConfirm={() =>
        void run(
          () => doWithJob(id, asked ?? 'run-now', key.current),
          () => {
            onClose()
            showToast({ text: words.done, undo: undoOf(asked, () => void undo(id, asked, onChanged)) })
            onChanged()
          },
        )
      }
    >
      <p>{words.body}</p>
    </ConfirmDialog>
  )
}

function undoOf(asked: JobDeed | null, undo: () => void): (() => void) | null {
  return asked === 'run-now' ? null : undo
}

async function undo(id: string, asked: JobDeed | null, onChanged: () => void): Promise<void> {
  const answer = await doWithJob(id, asked === 'pause' ? 'resume' : 'pause', freshId())
  if (!answer.ok) showToast({ text: answer.reason, tone: 'bad' })
  onChanged()
}

function wordsOf(deed: JobDeed, name: string) {
  if (deed === 'run-now') {
    return {
      title: t('toolsView.runNowTitle', { name }),
      verb: t('toolsView.runNow'),
      body: t('toolsView.runNowBody'),
      done: t('toolsView.begun', { name }),
    }
  }
  return {
    title: deed === 'pause' ? t('toolsView.pauseTitle', { name }) : t('toolsView.resumeTitle', { name }),
    verb: t(`toolsView.${deed}`),
    body: deed === 'pause' ? t('toolsView.pauseBody') : t('toolsView.resumeBody'),
    done: deed === 'pause' ? t('toolsView.pausedNow', { name }) : t('toolsView.resumedNow', { name }),
  }
}
