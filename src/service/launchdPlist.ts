/** The property lists of launchd. Pure: what is written here was decided elsewhere. No secret ever stands in one: those stay in `.env`. */
import { createHash } from 'node:crypto'

/** `agent`: of one user, from their login on. `daemon`: of the Mac, from boot on, as a user that is named. */
export type LaunchdKind = 'agent' | 'daemon'

/** What a property list is made of. Paths are absolute. */
export type LaunchdSpec = {
  readonly kind: LaunchdKind
  /** `--name`; the label is made of it. */
  readonly name: string
  readonly home: string
  /** `data/rescue`: what the ring is started through. */
  readonly rescue: string
  readonly logFile: string
  readonly path: string
  /** The user of a daemon. */
  readonly user?: string
}

/** What a property list of ours says of itself. */
export type LaunchdOrigin = { readonly home: string; readonly isEdited: boolean }

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value }

/** Between two starts by launchd, in seconds: the pace is ours, this only keeps a broken installation from spinning. */
const THROTTLE_SEC = 10
/** More than the longest drain, and the supervisor's own stop after it. */
const EXIT_LIMIT_SEC = 60
/** 077: what is written there is its owner's alone. A property list knows decimal numbers only. */
const UMASK = 0o077
const OPENING = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
`
const MARK = /^<!-- Made by `ottugi service install`; sum ([0-9a-f]{16}) -->$/m
const HOME_LINE = /<key>OTTUGI_HOME<\/key>\n\s*<string>([^<]*)<\/string>/

/** How launchd calls the service. */
export function labelOf(name: string): string {
  return `local.${name}`
}

/** The whole file. */
export function propertyList(spec: LaunchdSpec): string {
  const { kind, name, home, rescue, logFile, path, user } = spec
  const isDaemon = kind === 'daemon'
  const body = `<plist version="1.0">\n${worded(
    {
      Label: labelOf(name),
      ProgramArguments: [`${rescue}/node`, `${rescue}/rescue.mjs`, 'forever', '--home', home],
      ...(isDaemon && user !== undefined ? { UserName: user, InitGroups: true } : {}),
      EnvironmentVariables: { OTTUGI_HOME: home, PATH: path, ...(isDaemon ? { HOME: home } : {}) },
      WorkingDirectory: home,
      RunAtLoad: true,
      KeepAlive: true,
      ThrottleInterval: THROTTLE_SEC,
      ExitTimeOut: EXIT_LIMIT_SEC,
      ProcessType: 'Background',
      Umask: UMASK,
      StandardOutPath: logFile,
      StandardErrorPath: logFile,
    },
    0,
  )}\n</plist>\n`
  return `${OPENING}<!-- Made by \`ottugi service install\`; sum ${sumOf(body)} -->\n${body}`
}

/** Reads back whose a file is; undefined for one that we did not make. */
export function originOfPlist(text: string): LaunchdOrigin | undefined {
  const mark = MARK.exec(text)
  const home = HOME_LINE.exec(text)?.[1]
  if (!mark?.[1] || home === undefined) return undefined
  const body = text.slice(mark.index + mark[0].length + 1)
  return { home: plain(home), isEdited: sumOf(body) !== mark[1] || !text.startsWith(OPENING) }
}

function sumOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16)
}

function worded(value: Value, depth: number): string {
  const indent = '  '.repeat(depth)
  const inner = '  '.repeat(depth + 1)
  if (typeof value === 'string') return `${indent}<string>${escaped(value)}</string>`
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>`
  if (typeof value === 'boolean') return `${indent}<${value}/>`
  if (isList(value)) {
    return [`${indent}<array>`, ...value.map((item) => worded(item, depth + 1)), `${indent}</array>`].join('\n')
  }
  const entries = Object.entries(value).flatMap(([key, item]) => [
    `${inner}<key>${escaped(key)}</key>`,
    worded(item, depth + 1),
  ])
  return [`${indent}<dict>`, ...entries, `${indent}</dict>`].join('\n')
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
