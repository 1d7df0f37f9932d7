import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { settingsTextOf } from '../../repair/settingsText.ts'
import { readEnvFile } from '../../shared/config/envFile.ts'
import { isSettingVariable } from '../../shared/config/overrides.ts'
import { text } from '../../shared/messages/text.ts'
import type { Span } from '../../shared/redact/span.ts'
import { findVendorTokens } from '../../shared/redact/vendors.ts'
import type { Check, Finding, GuardianContext } from '../check.ts'

/** Shells write what was typed here, below the user's home. */
const HISTORIES = [
  '.bash_history',
  '.zsh_history',
  '.sh_history',
  '.local/share/fish/fish_history',
  '.node_repl_history',
]
/** Only the newest part of a history is read. */
const MOST_BYTES = 1_048_576
/** A shorter value of `.env` may be an ordinary word. */
const SHORTEST_VALUE = 12

/** A place of a secret: which kind, and the line from 1 where it is known. Never the secret. */
type Place = { readonly kind: string; readonly line: number | '?' }

/**
 * Do secrets stand where they do not belong: in the settings, in the histories of the shells? Values of `.env` and tokens of known makers are looked
 * for; what is told is the kind and the line. Only the user's own plain files are read, and nothing is changed.
 */
export const plainSecrets: Check = {
  id: 'plainSecrets',
  title: 'secrets outside of .env',
  look: (ctx) => {
    const values = secretValues(ctx)
    const settings = settingsTextOf(ctx.paths) ?? ''
    const inSettings = placesIn(settings, values).map((place) =>
      finding(ctx, 'secret-in-settings', ctx.paths.settings, place),
    )
    const home = ctx.environment['HOME']
    const inHistories = (home ? HISTORIES : []).flatMap((name) => {
      const file = join(home ?? '', name)
      const history = readOwnTail(file, ctx.uid)
      const [first] = history ? placesIn(history.content, values) : []
      return first && history
        ? [finding(ctx, 'secret-in-history', file, history.isWhole ? first : { ...first, line: '?' })]
        : []
    })
    return [...inSettings, ...inHistories]
  },
}

/** Values of `.env` that are secrets; settings that stand there are none. */
function secretValues({ paths }: GuardianContext): ReadonlyMap<string, string> {
  const file = readEnvFile(paths.env)
  const all = file.ok ? [...file.variables] : []
  return new Map(all.filter(([name, value]) => !isSettingVariable(name) && value.length >= SHORTEST_VALUE))
}

function placesIn(content: string, values: ReadonlyMap<string, string>): Place[] {
  const found: Span[] = []
  findVendorTokens(content, (span) => found.push(span))
  for (const [name, value] of values) {
    const start = content.indexOf(value)
    if (start >= 0) found.push({ from: start, start, end: start + value.length, kind: name })
  }
  const byLine = new Map(found.map(({ start, kind }) => [content.slice(0, start).split('\n').length, kind]))
  return [...byLine].toSorted(([a], [b]) => a - b).map(([line, kind]) => ({ kind, line }))
}

/** The end of a plain file of ours; undefined for anything else (a link, a pipe, somebody else's). */
function readOwnTail(path: string, uid: number): { readonly content: string; readonly isWhole: boolean } | undefined {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.uid !== uid) return undefined
    const from = Math.max(0, stats.size - MOST_BYTES)
    const piece = Buffer.alloc(stats.size - from)
    const length = readSync(fd, piece, 0, piece.length, from)
    return { content: piece.toString('utf8', 0, length), isWhole: from === 0 }
  } finally {
    closeSync(fd)
  }
}

function finding(
  { language }: GuardianContext,
  fault: 'secret-in-settings' | 'secret-in-history',
  file: string,
  { kind, line }: Place,
): Finding {
  const isSettings = fault === 'secret-in-settings'
  const what = text(language, isSettings ? 'doctor.secretInSettings' : 'doctor.secretInHistory', { file, kind, line })
  const human = text(language, isSettings ? 'doctor.secretInSettings.human' : 'doctor.secretInHistory.human', { file })
  return { check: 'plainSecrets', severity: isSettings ? 'fail' : 'warn', what, fault, human }
}
