import type { HostNow, ProcessNow } from '../../../../contract.ts'
import { formatBytes, formatCount, formatShare } from '../../app/format.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { linkTo } from '../../app/router.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { Figure, FigureList } from '../../design/Figure.tsx'
import { EmptyState } from '../../design/Notes.tsx'
import { Table } from '../../design/Table.tsx'
import { CpuChart } from './CpuChart.tsx'
import type { PartProps } from './partProps.ts'

const t = sayFrom(pageMessages)
/** The watchdog measures each 5 s and writes once a minute: older than this, it has stopped. */
const HOST_STALE_MS = 180_000

/** The machine and our processes now. */
export function HostCard({ overview: { host, asOf }, stale }: PartProps) {
  const isOld = host !== null && Date.parse(asOf) - Date.parse(host.at) > HOST_STALE_MS
  return (
    <Card
      title={t('page.over.host')}
      width="full"
      stale={stale || isOld}
      asOf={host?.at ?? asOf}
      aside={<a href={linkTo('host')}>{t('page.nav.host')}</a>}
    >
      {host === null ? (
        <EmptyState text={t('page.over.hostUnknown')} />
      ) : (
        <>
          <HostFigures host={host} />
          <div class="host-parts">
            <CpuChart />
            <Processes processes={host.processes} />
          </div>
        </>
      )}
    </Card>
  )
}

function HostFigures({ host }: { host: HostNow }) {
  const lang = language.value
  const perSec = (bytes: number | null) =>
    bytes === null ? '–' : t('page.over.perSec', { bytes: formatBytes(bytes, lang) })
  return (
    <FigureList>
      <Figure
        label={t('page.over.cpu')}
        value={formatShare(host.cpu, lang)}
        note={t('page.over.load', { load: formatCount(host.load1, lang) })}
      />
      <Figure
        label={t('page.over.memory')}
        value={formatBytes(host.memoryUsed, lang)}
        note={t('page.over.of', { total: formatBytes(host.memoryTotal, lang) })}
      />
      <Figure
        label={t('page.over.disk')}
        value={formatBytes(host.diskUsed, lang)}
        note={t('page.over.of', { total: formatBytes(host.diskTotal, lang) })}
      />
      <Figure
        label={t('page.over.network')}
        value={perSec(host.networkReceivedPerSec)}
        note={t('page.over.inOut', { sent: perSec(host.networkSentPerSec) })}
      />
    </FigureList>
  )
}

function Processes({ processes }: { processes: readonly ProcessNow[] }) {
  const lang = language.value
  return (
    <Table
      caption={t('page.over.processes')}
      showCaption
      rows={processes}
      rowKey={({ app, pid }) => `${app} ${pid}`}
      empty={t('page.over.hostUnknown')}
      columns={[
        { key: 'app', label: t('page.over.process'), isName: true, cell: ({ app }) => app, value: ({ app }) => app },
        { key: 'pid', label: 'pid', align: 'end', cell: ({ pid }) => pid },
        {
          key: 'cpu',
          label: t('page.over.cpu'),
          align: 'end',
          cell: ({ cpu }) => formatShare(cpu, lang, 1),
          value: ({ cpu }) => cpu,
        },
        {
          key: 'memory',
          label: t('page.over.memory'),
          align: 'end',
          cell: ({ memory }) => formatBytes(memory, lang),
          value: ({ memory }) => memory,
        },
        {
          key: 'files',
          label: t('page.over.descriptors'),
          align: 'end',
          cell: ({ descriptors }) => formatCount(descriptors, lang),
          value: ({ descriptors }) => descriptors,
        },
      ]}
    />
  )
}
