import type { HealthCheck } from '../../shared/health.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import { type Parked, readParked } from '../../shared/parked.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'

/** What is set aside, as the agent sees it. */
export type ParkedWatch = {
  readonly read: () => Parked
  /** The check `parked`: warns with how many there are and how the first one is released. */
  readonly check: () => HealthCheck
}

/** Where it stands, the language of the check, and what happens when a person released something. */
export type ParkedFacts = {
  readonly paths: HomePaths
  readonly language: Language
  readonly onReleased: () => void
}

const idsOf = ({ runs, sessions }: Parked): string[] => [...sessions, ...runs].map(({ id }) => id)

/** The command that takes one entry out again; an id that begins like an option is passed as a word. */
export function releaseCommand(id: string, home: string): string {
  return commandAnywhere(`recovery release ${id.startsWith('-') ? `-- ${id}` : id}`, home)
}

/** Reads the file each time it is asked, and costs nothing in between: the health is asked for often enough to notice a release. */
export function watchParked({ paths, language, onReleased }: ParkedFacts): ParkedWatch {
  let known = new Set(idsOf(readParked(paths)))
  return {
    read: () => readParked(paths),
    check: () => {
      const ids = idsOf(readParked(paths))
      const isReleased = [...known].some((id) => !ids.includes(id))
      known = new Set(ids)
      if (isReleased) onReleased()
      const [first] = ids
      if (first === undefined) return { status: 'pass' }
      const command = releaseCommand(first, paths.home)
      return {
        status: 'warn',
        observedValue: ids.length,
        output: text(language, 'agent.parked', { count: ids.length, command }),
      }
    },
  }
}
