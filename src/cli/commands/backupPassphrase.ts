/** A passphrase comes from a prompt, a file descriptor or a variable: never from an argument, which everybody on the machine can read. */
import { createReadStream } from 'node:fs'
import { type Command, Option } from 'commander'
import { text } from '../../shared/messages/text.ts'
import type { CliContext } from '../context.ts'
import { askHidden } from './configSecret.ts'

/** How it was given. */
export type PassphraseOptions = {
  readonly passphrase?: boolean
  readonly passphraseFd?: string
  readonly passphraseEnv?: string
}

/** The passphrase (undefined where none was asked for), or what a person should know. */
export type PassphraseRead =
  | { readonly ok: true; readonly passphrase: string | undefined }
  | { readonly ok: false; readonly words: string }

/** Fewer letters than this are tried out in no time. */
const LEAST_LETTERS = 8
/** More comes by mistake. */
const MAX_BYTES = 4_096

/** Adds the options; `known` ones are not asked for twice. */
export function addPassphraseOptions(command: Command, { language }: CliContext, isKnown: boolean): Command {
  return command
    .option('--passphrase', text(language, isKnown ? 'cli.passphraseKnown' : 'cli.passphrase'))
    .addOption(new Option('--passphrase-fd <number>', text(language, 'cli.passphraseFd')))
    .addOption(new Option('--passphrase-env <name>', text(language, 'cli.passphraseEnv')))
}

/** True where one of the options was given. */
export function wantsPassphrase(options: PassphraseOptions): boolean {
  return options.passphrase === true || options.passphraseFd !== undefined || options.passphraseEnv !== undefined
}

/** Reads the passphrase of a new backup: long enough, and typed twice where it is typed. */
export async function readNewPassphrase(context: CliContext, options: PassphraseOptions): Promise<PassphraseRead> {
  const read = await readPassphrase(context, options)
  if (!read.ok || read.passphrase === undefined) return read
  const { language } = context
  if ([...read.passphrase].length < LEAST_LETTERS)
    return { ok: false, words: text(language, 'backup.tooShort', { least: LEAST_LETTERS }) }
  if (!isTyped(options)) return read
  const again = await askHidden(context, text(language, 'backup.askAgain'))
  return again === read.passphrase ? read : { ok: false, words: text(language, 'backup.notTheSame') }
}

/** Reads one that is known already. */
export async function readPassphrase(context: CliContext, options: PassphraseOptions): Promise<PassphraseRead> {
  if (!wantsPassphrase(options)) return { ok: true, passphrase: undefined }
  const { language } = context
  const { source, passphrase } = await readFrom(context, options)
  return passphrase === ''
    ? { ok: false, words: text(language, 'backup.noPassphrase', { source }) }
    : { ok: true, passphrase }
}

function isTyped({ passphraseFd, passphraseEnv }: PassphraseOptions): boolean {
  return passphraseFd === undefined && passphraseEnv === undefined
}

type Source = { readonly source: string; readonly passphrase: string }

async function readFrom(context: CliContext, { passphraseFd, passphraseEnv }: PassphraseOptions): Promise<Source> {
  if (passphraseEnv !== undefined)
    return { source: passphraseEnv, passphrase: context.environment[passphraseEnv] ?? '' }
  if (passphraseFd !== undefined)
    return { source: `--passphrase-fd ${passphraseFd}`, passphrase: await readDescriptor(passphraseFd) }
  if (!context.isTerminal) return { source: text(context.language, 'backup.terminal'), passphrase: '' }
  return { source: '', passphrase: await askHidden(context, text(context.language, 'backup.askPassphrase')) }
}

/** Up to the end of what is handed over; the line break at its end is not part of it. */
async function readDescriptor(given: string): Promise<string> {
  if (!/^\d{1,4}$/.test(given)) return ''
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of createReadStream('', { fd: Number(given), autoClose: true })) {
      pieces.push(piece as Buffer)
      length += (piece as Buffer).length
      if (length > MAX_BYTES) break
    }
  } catch {
    return ''
  }
  return Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
