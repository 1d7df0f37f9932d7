/** What every command is given: where it works, for whom it speaks, and where its words go. Tests hand in a fake of the outside. */

import { readEnvFile } from '../shared/config/envFile.ts'
import { readConfigFile } from '../shared/config/readConfigFile.ts'
import type { Language } from '../shared/messages/message.ts'
import { chooseLanguage } from '../shared/messages/text.ts'
import { findHome, type HomePaths, homePaths } from '../shared/paths.ts'

/** The standard input of a command; a terminal can hide what is typed. */
export type CliInput = NodeJS.ReadableStream & { readonly isTTY?: boolean }

export type CliContext = {
  /** Absolute path. */
  readonly home: string
  readonly paths: HomePaths
  readonly language: Language
  readonly environment: NodeJS.ProcessEnv
  /** Prints an answer, with a line break after it. */
  readonly out: (text: string) => void
  /** Prints what is no answer: errors, notes, prompts. A line break follows. */
  readonly err: (text: string) => void
  readonly input: CliInput
  /** True when answers are wanted as JSON. */
  readonly json: boolean
  /** True when a person sits at both ends: input and output are a terminal. */
  readonly isTerminal: boolean
  /** True when colour is welcome. */
  readonly colour: boolean
  /** Sets the exit code of the process; it ends when its work is done. */
  readonly exit: (code: number) => void
}

/** The outside of a command. */
export type CliIo = Pick<CliContext, 'environment' | 'out' | 'err' | 'input' | 'isTerminal' | 'exit'> & {
  readonly isOutputTerminal: boolean
}

/** What the command line said before the command. May be an object with getters: it is read at the first use. */
export type CliOptions = { readonly home?: string | undefined; readonly json?: boolean | undefined }

/**
 * Builds the context of this call, before the arguments are parsed. What depends on the home is worked out when it is asked for, and again when
 * the home has become another one: a command that words its help early must not pin the home that `--home` names later.
 */
export function createContext(options: CliOptions, io: CliIo = processIo()): CliContext {
  const findPaths = () => homePaths(findHome(options.home, io.environment))
  let spoken: { readonly home: string; readonly language: Language } | undefined
  return {
    ...io,
    get home() {
      return findPaths().home
    },
    get paths() {
      return findPaths()
    },
    get language() {
      const paths = findPaths()
      if (spoken?.home !== paths.home) spoken = { home: paths.home, language: readLanguage(paths, io.environment) }
      return spoken.language
    },
    get json() {
      return options.json === true
    },
    colour: io.isOutputTerminal && !io.environment['NO_COLOR'] && io.environment['TERM'] !== 'dumb',
  }
}

/** The real outside. */
export function processIo(): CliIo {
  const { stdin, stdout, stderr, env } = process
  return {
    environment: env,
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    input: stdin,
    isTerminal: stdin.isTTY === true && stdout.isTTY === true,
    isOutputTerminal: stdout.isTTY === true,
    exit: (code) => {
      process.exitCode = code
    },
  }
}

/**
 * The language of this installation, also where its settings are broken: a complaint about them must be readable too.
 * So it looks for this one setting itself, in the usual order, and needs no YAML parser.
 */
export function readLanguage(paths: Pick<HomePaths, 'settings' | 'env'>, environment: NodeJS.ProcessEnv): Language {
  const written = environment['OTTUGI_LANGUAGE'] || languageInEnvFile(paths.env) || languageInSettings(paths.settings)
  return chooseLanguage(written === 'en' || written === 'ko' ? written : 'auto', environment)
}

function languageInEnvFile(path: string): string | undefined {
  const file = readEnvFile(path)
  return file.ok ? file.variables.get('OTTUGI_LANGUAGE') : undefined
}

function languageInSettings(path: string): string | undefined {
  const file = readConfigFile(path)
  return file.ok ? /^language:[ \t]*["']?(\w+)/m.exec(file.text ?? '')?.[1] : undefined
}
