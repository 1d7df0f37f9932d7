import { useEffect, useState } from 'preact/hooks'
import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import { sayFrom } from '../../app/text.ts'
import type { LogFilter } from './useLogLines.ts'

const t = sayFrom(dashboardViewsMessages)

const APPS = ['agent', 'watchdog', 'dashboard', 'recovery', 'usage']
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']
const PAUSE_MS = 300

type FilterProps = { readonly filter: LogFilter; readonly onChange: (filter: LogFilter) => void }

/** Which lines are shown: of which program, from which level on, with which words. */
export function LogFilters({ filter, onChange }: FilterProps) {
  const [typed, setTyped] = useState(filter.q)
  useEffect(() => {
    if (typed === filter.q) return undefined
    const timer = setTimeout(() => onChange({ ...filter, q: typed }), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, filter])
  return (
    <div class="filters">
      <label class="field">
        <span>{t('logsView.app')}</span>
        <select value={filter.app} onChange={({ currentTarget }) => onChange({ ...filter, app: currentTarget.value })}>
          <option value="">{t('logsView.all')}</option>
          {APPS.map((app) => (
            <option key={app}>{app}</option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('logsView.level')}</span>
        <select
          value={filter.level}
          onChange={({ currentTarget }) => onChange({ ...filter, level: currentTarget.value })}
        >
          {LEVELS.map((level) => (
            <option key={level}>{level}</option>
          ))}
        </select>
      </label>
      <label class="field grow">
        <span>{t('logsView.text')}</span>
        <input type="search" value={typed} maxLength={500} onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
    </div>
  )
}
