/** How the command line explains itself: help, and words that it does not understand, in the reader's language. */
import type { Command, CommanderError } from 'commander'
import type { Language } from '../shared/messages/message.ts'
import type { MessageKey } from '../shared/messages/table.ts'
import { text } from '../shared/messages/text.ts'
import { columnsOf } from './columns.ts'

const TITLES = {
  'Usage:': 'cli.titleUsage',
  'Arguments:': 'cli.titleArguments',
  'Options:': 'cli.titleOptions',
  'Global Options:': 'cli.titleGlobal',
  'Commands:': 'cli.titleCommands',
} as const satisfies Record<string, MessageKey>

/** Sets how help looks, before any command is added: commands take it over from their parent. */
export function explainIn(language: Language, program: Command): Command {
  const titles: Readonly<Record<string, MessageKey | undefined>> = TITLES
  return program
    .helpOption('-h, --help', text(language, 'cli.optHelp'))
    .helpCommand('help [command]', text(language, 'cli.help'))
    .configureHelp({
      showGlobalOptions: true,
      displayWidth: columnsOf,
      styleTitle: (title) => (titles[title] ? text(language, titles[title] as 'cli.titleUsage') : title),
    })
}

/** Commander's errors by their code, worded by us: it quotes the names that count. */
const SENTENCES: Readonly<Record<string, (language: Language, name: string) => string>> = {
  'commander.unknownCommand': (language, name) => text(language, 'cli.unknownCommand', { name }),
  'commander.unknownOption': (language, name) => text(language, 'cli.unknownOption', { name }),
  'commander.missingArgument': (language, name) => text(language, 'cli.argumentMissing', { name }),
  'commander.optionMissingArgument': (language, name) => text(language, 'cli.valueMissing', { name }),
  'commander.missingMandatoryOptionValue': (language, name) => text(language, 'cli.optionMissing', { name }),
}

/** What is wrong with the words of a call, in one sentence, with a suggestion where one is near. */
export function usageSentence(language: Language, { code, message }: Pick<CommanderError, 'code' | 'message'>): string {
  const [, name = ''] = /'([^']*)'/.exec(message) ?? []
  const [, similar] = /\(Did you mean (?:one of )?(.+)\?\)/.exec(message) ?? []
  const [, given = ''] = /but got \d+: (.+)\.$/.exec(message) ?? []
  const sentence =
    code === 'commander.excessArguments'
      ? text(language, 'cli.tooMany', { given })
      : (SENTENCES[code]?.(language, name) ?? message)
  return similar ? `${sentence} ${text(language, 'cli.didYouMean', { names: similar })}` : sentence
}
