import { useEffect, useState } from 'preact/hooks'
import type { LogLine, Logs } from '../../../../contractViews.ts'
import { showToast } from '../../design/toasts.ts'
import { getLogs } from '../../live/api.ts'
import { type Resource, useResource } from '../../live/useResource.ts'
import { addNewer, addOlder } from './mergeLines.ts'

/** What is looked for; an empty field means everything. `level` is the least one. */
export type LogFilter = { readonly app: string; readonly level: string; readonly q: string }

const PAGE = 200
const FOLLOW_MS = 3_000

type Kept = {
  readonly key: string
  readonly lines: readonly LogLine[]
  readonly next: string | null
  readonly hasGap: boolean
}

/** The lines that fit, and how to get more of them. */
export type LogLines = Omit<Kept, 'key'> & {
  readonly resource: Resource<Logs>
  readonly isLoadingOlder: boolean
  readonly older: () => void
  readonly anew: () => void
}

/** Keeps the pages of one filter together. While nobody follows, nothing new moves the lines. */
export function useLogLines(filter: LogFilter, isFollowing: boolean): LogLines {
  const [turn, setTurn] = useState(0)
  const key = JSON.stringify([filter, turn])
  const [kept, setKept] = useState<Kept | null>(null)
  const [isLoadingOlder, setLoadingOlder] = useState(false)
  const resource = useResource(
    (signal) => getLogs({ ...filter, limit: PAGE }, signal),
    [key],
    isFollowing ? FOLLOW_MS : null,
  )
  const { data } = resource
  useEffect(() => {
    if (!data) return
    setKept((before) => {
      if (before?.key !== key) return { key, lines: data.lines, next: data.next, hasGap: false }
      if (!isFollowing) return before
      const { lines, hasGap } = addNewer(before.lines, data.lines)
      return { ...before, lines, hasGap: before.hasGap || hasGap }
    })
  }, [data])
  const shown = kept?.key === key ? kept : { lines: [], next: null, hasGap: false }
  const older = async () => {
    setLoadingOlder(true)
    const answer = await getLogs({ ...filter, before: shown.next, limit: PAGE })
    setLoadingOlder(false)
    if (!answer.ok) return showToast({ text: answer.reason, tone: 'bad' })
    const { lines, next } = answer.value
    setKept((before) => (before?.key === key ? { ...before, lines: addOlder(before.lines, lines), next } : before))
  }
  const { lines, next, hasGap } = shown
  const anew = () => setTurn(turn + 1)
  return { lines, next, hasGap, resource, isLoadingOlder, older: () => void older(), anew }
}
