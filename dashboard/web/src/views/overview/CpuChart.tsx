import { useMemo } from 'preact/hooks'
import { formatShare } from '../../app/format.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { language, sayFrom } from '../../app/text.ts'
import { TimeChart } from '../../charts/TimeChart.tsx'
import { ErrorNote, Loading } from '../../design/Notes.tsx'
import { getSeries } from '../../live/api.ts'
import { useResource } from '../../live/useResource.ts'

const t = sayFrom(pageMessages)
const WINDOW_MS = 3_600_000
const POINTS = 240

/** The processor over the last hour, with its band. */
export function CpuChart() {
  const { data, failure, isLoading, reload } = useResource((signal) => {
    const to = Date.now()
    return getSeries({ name: 'host.cpu', from: to - WINDOW_MS, to, points: POINTS }, signal)
  }, [])
  const name = t('page.over.cpuHour')
  const lines = useMemo(
    () => (data?.columns ?? []).map(({ mean, min, max }) => ({ label: name, values: mean, min, max })),
    [data, name],
  )
  if (isLoading) return <Loading />
  if (!data) return <ErrorNote reason={failure?.reason ?? ''} onRetry={reload} />
  return (
    <TimeChart
      name={name}
      at={data.at}
      lines={lines}
      format={(value) => formatShare(value, language.value)}
      top={1}
      height={160}
    />
  )
}
