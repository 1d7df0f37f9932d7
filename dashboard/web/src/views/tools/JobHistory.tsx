import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import type { Slot } from '../../../../../src/shared/schedule/job.ts'
import { linkTo } from '../../app/router.ts'
import { sayFrom } from '../../app/text.ts'
import { Status } from '../../design/Status.tsx'
import { type Column, Table } from '../../design/Table.tsx'
import { Time } from '../../design/Time.tsx'
import type { Tone } from '../../design/tone.ts'
import { VisibleText } from '../../design/VisibleText.tsx'
import { useResource } from '../../live/useResource.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'
import { jobHistory } from './jobs.ts'

const t = sayFrom(dashboardViewsMessages)

/** What became of the due moments of a job. */
export function JobHistory({ job }: { job: string }) {
  const resource = useResource((signal) => jobHistory(job, signal), [job])
  return (
    <KnownAnswer resource={resource}>
      {({ slots }) => (
        <Table
          caption={t('toolsView.history')}
          columns={columns()}
          rows={slots}
          rowKey={({ id }) => id}
          empty={t('toolsView.noHistory')}
        />
      )}
    </KnownAnswer>
  )
}

const TONES: Readonly<Record<Slot['state'], Tone>> = {
  claimed: 'busy',
  starting: 'busy',
  started: 'busy',
  done: 'good',
  skipped: 'idle',
}

function columns(): Column<Slot>[] {
  return [
    {
      key: 'due',
      label: t('toolsView.due'),
      isName: true,
      cell: ({ dueMs }) => <Time at={new Date(dueMs).toISOString()} />,
    },
    {
      key: 'state',
      label: t('toolsView.state'),
      cell: ({ state }) => <Status tone={TONES[state] ?? 'unknown'} word={t(`toolsView.slot.${state}`)} />,
    },
    {
      key: 'outcome',
      label: t('toolsView.outcome'),
      cell: ({ outcome }) => <VisibleText text={outcome} limit={200} />,
    },
    {
      key: 'run',
      label: '',
      cell: ({ run, state }) =>
        run !== '' && state !== 'skipped' ? <a href={linkTo('runs', run)}>{t('toolsView.openRun')}</a> : null,
    },
  ]
}
