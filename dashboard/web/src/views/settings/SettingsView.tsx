import './settings.css'
import { useState } from 'preact/hooks'
import { dashboardSettingsMessages } from '../../../../../src/shared/messages/dashboardSettings.ts'
import type { SettingsView as Shown } from '../../../../contractViews.ts'
import { me } from '../../app/me.ts'
import { sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { EmptyState, Notice } from '../../design/Notes.tsx'
import { VisibleText } from '../../design/VisibleText.tsx'
import { getSettings } from '../../live/api.ts'
import { useResource } from '../../live/useResource.ts'
import { KnownAnswer } from '../KnownAnswer.tsx'
import { Controls } from './Controls.tsx'
import { findRows } from './findRows.ts'
import { NotedChanges } from './NotedChanges.tsx'
import { SettingItem } from './SettingItem.tsx'

const t = sayFrom(dashboardSettingsMessages)

/** Changes that were noted and not saved yet, by key. */
export type Changes = Readonly<Record<string, unknown>>

/** The settings with their sources, their changes, and the switches of the whole. */
export function SettingsView() {
  const resource = useResource(getSettings, [])
  const [changes, setChanges] = useState<Changes>({})
  const { data } = resource
  return (
    <div class="cards">
      <Controls canRollBack={data?.canRollBack ?? false} onChanged={resource.reload} />
      <Card title={t('settingsView.title')} width="full" stale={resource.stale} asOf={data?.asOf ?? null}>
        <KnownAnswer resource={resource}>
          {(view) => <SettingList {...{ view, changes }} onChanges={setChanges} />}
        </KnownAnswer>
      </Card>
      <NotedChanges
        changes={changes}
        onDrop={() => setChanges({})}
        onSaved={() => {
          setChanges({})
          resource.reload()
        }}
      />
    </div>
  )
}

type ListProps = {
  readonly view: Shown
  readonly changes: Changes
  readonly onChanges: (changes: Changes) => void
}

function SettingList({ view, changes, onChanges }: ListProps) {
  const [search, setSearch] = useState('')
  const [onlyChanged, setOnlyChanged] = useState(false)
  const sections = findRows(view.rows, search, onlyChanged)
  const mayChange = me.value?.can.admin ?? false
  return (
    <>
      {!view.valid && <Problems problems={view.problems} />}
      {!mayChange && (
        <Notice tone="info">{t('settingsView.notAllowed', { command: 'ottugi config set <key> <value>' })}</Notice>
      )}
      <div class="filters">
        <label class="field grow">
          <span>{t('settingsView.search')}</span>
          <input type="search" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={onlyChanged}
            onChange={(event) => setOnlyChanged(event.currentTarget.checked)}
          />
          <span>{t('settingsView.onlyChanged')}</span>
        </label>
      </div>
      {sections.length === 0 && <EmptyState text={t('settingsView.none')} />}
      {sections.map(({ name, rows }) => (
        <section key={name} class="setting-section" aria-label={name}>
          <h3>
            <code>{name}</code>
          </h3>
          <ul class="setting-list">
            {rows.map((row) => (
              <SettingItem
                key={row.key}
                row={row}
                {...{ mayChange, changes }}
                onNote={(value) => onChanges({ ...changes, [row.key]: value })}
                onDrop={() => onChanges(without(changes, row.key))}
              />
            ))}
          </ul>
        </section>
      ))}
      <details>
        <summary>{t('settingsView.file')}</summary>
        <VisibleText text={view.text} block limit={20_000} />
      </details>
    </>
  )
}

function without(changes: Changes, key: string): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([other]) => other !== key))
}

function Problems({ problems }: { problems: readonly string[] }) {
  return (
    <Notice tone="bad">
      <p>{t('settingsView.invalid')}</p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>
            <VisibleText text={problem} />
          </li>
        ))}
      </ul>
    </Notice>
  )
}
