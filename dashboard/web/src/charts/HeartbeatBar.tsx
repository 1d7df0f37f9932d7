import { useEffect, useRef, useState } from 'preact/hooks'
import type { Heartbeat, HeartbeatCell } from '../../../contract.ts'
import { formatClock, formatDuration, formatShare } from '../app/format.ts'
import { pageMessages } from '../app/pageMessages.ts'
import { goTo, linkTo } from '../app/router.ts'
import { language, sayFrom } from '../app/text.ts'
import { Status } from '../design/Status.tsx'
import { Table } from '../design/Table.tsx'
import { joinCells, joinedBy, nextPlace, WORD_TONES } from './heartbeat.ts'

const t = sayFrom(pageMessages)
const LEAST_CELL_PX = 6

/** The past as a row of cells, told apart by shape, word and colour. Arrow keys walk; Enter opens the incidents of a cell. */
export function HeartbeatBar({ heartbeat }: { heartbeat: Heartbeat }) {
  const bar = useRef<HTMLDivElement>(null)
  const many = useJoined(bar, heartbeat.cells.length)
  const [chosen, setChosen] = useState<number | null>(null)
  const cells = joinCells(heartbeat.cells, many)
  const place = Math.min(chosen ?? cells.length - 1, cells.length - 1)
  const cell = cells[place]
  const open = (at: HeartbeatCell | undefined) => {
    if (at && at.incidents > 0) goTo(linkTo('incidents', null, windowOf(at, heartbeat.cellMs * many)))
  }
  const walk = (event: KeyboardEvent) => {
    const to = nextPlace(event.key, place, cells.length)
    if (to === null && event.key !== 'Enter') return
    event.preventDefault()
    if (to === null) return open(cell)
    setChosen(to)
    bar.current?.querySelectorAll<HTMLElement>('[role=option]')[to]?.focus()
  }
  return (
    <>
      <div
        class="beat-bar"
        role="listbox"
        aria-orientation="horizontal"
        aria-label={nameOf(heartbeat)}
        ref={bar}
        onKeyDown={walk}
      >
        {cells.map((one, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the bar takes the keys for its cells
          <div
            key={one.at}
            role="option"
            class={`beat beat-${one.word}`}
            aria-selected={at === place}
            aria-label={wordsOf(one)}
            tabIndex={at === place ? 0 : -1}
            onFocus={() => setChosen(at)}
            onPointerEnter={() => setChosen(at)}
            onClick={() => open(one)}
          >
            <span />
          </div>
        ))}
      </div>
      {cell && <Detail cell={cell} isChosen={chosen !== null} />}
    </>
  )
}

function Detail({ cell, isChosen }: { cell: HeartbeatCell; isChosen: boolean }) {
  return (
    <p class={`beat-detail ${isChosen ? '' : 'soft'}`} aria-hidden="true">
      <Status tone={WORD_TONES[cell.word]} word={wordsOf(cell)} />
    </p>
  )
}

/** The same as a table: the times that were not up. */
export function HeartbeatTable({ heartbeat }: { heartbeat: Heartbeat }) {
  return (
    <Table
      caption={t('page.beat.table')}
      empty={t('page.beat.allUp')}
      rows={heartbeat.cells.filter(({ word }) => word !== 'up').toReversed()}
      rowKey={({ at }) => at}
      columns={[
        { key: 'at', label: t('page.beat.at'), isName: true, cell: ({ at }) => clock(at), value: ({ at }) => at },
        {
          key: 'word',
          label: t('page.beat.word'),
          cell: ({ word }) => <Status tone={WORD_TONES[word]} word={t(`page.beat.${word}`)} />,
          value: ({ word }) => word,
        },
        {
          key: 'down',
          label: t('page.beat.down.label'),
          align: 'end',
          cell: ({ downMs }) => formatDuration(downMs, language.value),
          value: ({ downMs }) => downMs,
        },
        {
          key: 'incidents',
          label: t('page.beat.incidents'),
          align: 'end',
          cell: ({ incidents }) => incidents,
          value: ({ incidents }) => incidents,
        },
      ]}
    />
  )
}

function wordsOf({ at, word, downMs, incidents }: HeartbeatCell): string {
  const said = { at: clock(at), word: t(`page.beat.${word}`) }
  if (downMs === 0 && incidents === 0) return t('page.beat.cell', said)
  return t('page.beat.cellDown', { ...said, down: formatDuration(downMs, language.value), count: incidents })
}

function clock(at: string): string {
  return formatClock(Date.parse(at), Date.now(), language.value)
}

function nameOf({ window, available, cells }: Heartbeat): string {
  return t('page.beat.name', {
    window: t(`page.beat.${window}`),
    share: formatShare(available, language.value, 2),
    word: t(`page.beat.${cells.at(-1)?.word ?? 'unknown'}`),
  })
}

function windowOf({ at }: HeartbeatCell, lengthMs: number): { from: string; to: string } {
  return { from: at, to: new Date(Date.parse(at) + lengthMs).toISOString() }
}

/** How many cells become one at the width that the bar has. */
function useJoined(bar: { readonly current: HTMLElement | null }, count: number): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!bar.current) return undefined
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)))
    observer.observe(bar.current)
    return () => observer.disconnect()
  }, [])
  return joinedBy(count, width, LEAST_CELL_PX)
}
