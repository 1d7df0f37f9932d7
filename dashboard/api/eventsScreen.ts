/** The first screen for all tabs, in each language that somebody reads; told when something on it changed. */
import type { Language } from '../../src/shared/messages/message.ts'
import type { Overview } from '../contract.ts'
import type { LiveClient } from './eventsClient.ts'
import type { OverviewReader } from './overview.ts'

/** Tells it. */
export type Screen = {
  /** To a tab that has just come. */
  readonly tellWhole: (client: LiveClient, nowMs: number) => void
  readonly tellChanges: (clients: ReadonlySet<LiveClient>, nowMs: number) => void
}

/** Computes it once for each language. */
export function createScreen(readOverview: OverviewReader): Screen {
  const told = new Map<Language, string>()
  let waiting: number | undefined

  const tellIn = (language: Language, readers: readonly LiveClient[], nowMs: number) => {
    const overview = readOverview(language, nowMs)
    const changing = changingText(overview)
    if (told.get(language) === changing) return overview
    told.set(language, changing)
    const text = JSON.stringify(overview)
    for (const client of readers) client.tell('overview', text)
    return overview
  }
  return {
    tellWhole: (client, nowMs) => {
      const overview = readOverview(client.language, nowMs)
      client.tell('overview', JSON.stringify(overview))
      client.tell('approvals', approvalsText(overview))
    },
    tellChanges: (clients, nowMs) => {
      const groups = Map.groupBy(clients, ({ language }) => language)
      for (const [language, readers] of groups) {
        const overview = tellIn(language, readers, nowMs)
        if (overview.approvalsWaiting === waiting) continue
        waiting = overview.approvalsWaiting
        for (const client of clients) client.tell('approvals', approvalsText(overview))
      }
    },
  }
}

function approvalsText({ approvalsWaiting }: Overview): string {
  return JSON.stringify({ waiting: approvalsWaiting })
}

/** Without what changes by itself each time it is read. */
function changingText({ asOf: _, status, host, ...rest }: Overview): string {
  const { since: __, agent, ...state } = status
  return JSON.stringify([rest, state, { ...agent, uptimeSec: agent.uptimeSec === null }, host?.at ?? null])
}
