import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import type { HostNow, ProcessNow } from '../../../../contract.ts'
import { formatBytes, formatCount, formatShare } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Figure, FigureList, Meter } from '../../design/Figure.tsx'
import { type Column, Table } from '../../design/Table.tsx'

const t = sayFrom(dashboardViewsMessages)

/** The machine now. What was not measured is a dash. */
export function HostFigures({ now }: { now: HostNow | null }) {
  const spoken = language.value
  const perSecond = (bytes: number | null | undefined) => (bytes == null ? null : `${formatBytes(bytes, spoken)}/s`)
  return (
    <FigureList>
      <Figure
        label={t('hostView.cpu')}
        value={now?.cpu == null ? null : formatShare(now.cpu, spoken)}
        note={<Meter share={now?.cpu ?? null} label={t('hostView.cpu')} />}
      />
      <Figure label={t('hostView.load')} value={now?.load1 == null ? null : formatCount(now.load1, spoken)} />
      <Room label={t('hostView.memory')} used={now?.memoryUsed ?? null} total={now?.memoryTotal ?? null} />
      <Room label={t('hostView.disk')} used={now?.diskUsed ?? null} total={now?.diskTotal ?? null} />
      <Figure label={t('hostView.received')} value={perSecond(now?.networkReceivedPerSec)} />
      <Figure label={t('hostView.sent')} value={perSecond(now?.networkSentPerSec)} />
    </FigureList>
  )
}

type RoomProps = { readonly label: string; readonly used: number | null; readonly total: number | null }

function Room({ label, used, total }: RoomProps) {
  const now = language.value
  const share = used === null || total === null || total <= 0 ? null : used / total
  const note = (
    <>
      {t('hostView.ofTotal', { total: formatBytes(total, now) })}
      <Meter share={share} label={label} />
    </>
  )
  return <Figure label={label} value={used === null ? null : formatBytes(used, now)} note={note} />
}

/** Our processes now. */
export function ProcessTable({ processes }: { processes: readonly ProcessNow[] }) {
  return (
    <Table
      caption={t('hostView.processesNow')}
      columns={columns()}
      rows={processes}
      rowKey={({ app, pid }) => `${app} ${pid}`}
      empty={t('hostView.noProcesses')}
    />
  )
}

function columns(): Column<ProcessNow>[] {
  const now = language.value
  return [
    { key: 'app', label: t('hostView.app'), isName: true, value: ({ app }) => app, cell: ({ app }) => app },
    { key: 'pid', label: t('hostView.pid'), align: 'end', value: ({ pid }) => pid, cell: ({ pid }) => String(pid) },
    {
      key: 'cpu',
      label: t('hostView.cpu'),
      align: 'end',
      value: ({ cpu }) => cpu,
      cell: ({ cpu }) => formatShare(cpu, now, 1),
    },
    {
      key: 'memory',
      label: t('hostView.memory'),
      align: 'end',
      value: ({ memory }) => memory,
      cell: ({ memory }) => formatBytes(memory, now),
    },
    {
      key: 'descriptors',
      label: t('hostView.descriptors'),
      align: 'end',
      value: ({ descriptors }) => descriptors,
      cell: ({ descriptors }) => formatCount(descriptors, now),
    },
  ]
}
