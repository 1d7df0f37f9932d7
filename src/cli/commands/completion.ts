/** `ottugi completion`: shell completion, made from the commands themselves. */
import type { Command } from 'commander'
import { settingKeys } from '../../shared/config/keys.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { APPS } from '../../shared/paths.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'

const SHELLS: Readonly<Record<string, (program: Command) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

const EXAMPLES = [
  'ottugi completion bash > ~/.local/share/bash-completion/completions/ottugi',
  'ottugi completion zsh > $fpath[1]/_ottugi',
  'ottugi completion fish > ~/.config/fish/completions/ottugi.fish',
]

/** Adds `completion`. */
export function registerCompletion(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('completion <shell>')
    .description(text(language, 'cli.completion'))
    .addHelpText('after', `\n${text(language, 'cli.completionExample')}\n  ${EXAMPLES.join('\n  ')}`)
    .action((shell: string) => context.exit(completion(program, context, shell)))
}

/** Prints the script of one shell. */
export function completion(program: Command, { language, out, err }: CliContext, shell: string): number {
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
  if (!script) {
    const expected = Object.keys(SHELLS).join(', ')
    err(text(language, 'cli.badValue', { what: 'completion', expected, got: terminalSafe(shell) }))
    return EXIT.usage
  }
  out(script(program))
  return EXIT.ok
}

type Entry = { readonly path: string; readonly words: readonly string[] }

/** What may follow each command: its subcommands, the words that its argument may be, its options. */
function entries(command: Command, path: string): Entry[] {
  const children = command.commands.map((child) => child.name())
  const options = command.options.flatMap((option) => (option.long && !option.hidden ? [option.long] : []))
  const own = { path, words: [...children, ...argumentWords(path, command), ...options, '--help'] }
  return [own, ...command.commands.flatMap((child) => entries(child, `${path} ${child.name()}`))]
}

/** The first argument of a command, where there are only so many. */
function argumentWords(path: string, program: Command): readonly string[] {
  switch (path) {
    case 'ottugi':
      return ['help']
    case 'ottugi restart':
      return [...APPS, 'all']
    case 'ottugi logs':
      return APPS
    case 'ottugi completion':
      return Object.keys(SHELLS)
    case 'ottugi help':
      return program.commands.map((child) => child.name())
    case 'ottugi config get':
    case 'ottugi config set':
    case 'ottugi config reset':
      return settingKeys().map(({ key }) => key)
    default:
      return []
  }
}

function bashScript(program: Command): string {
  const all = entries(program, 'ottugi')
  const cases = all.map(({ path, words }) => `    "${path}") words="${words.join(' ')}" ;;`)
  return `# bash completion for ottugi
_ottugi() {
  local path="ottugi" words="" word index
  local current="\${COMP_WORDS[COMP_CWORD]}"
  if [[ "\${COMP_WORDS[COMP_CWORD - 1]}" == "--home" ]]; then
    COMPREPLY=($(compgen -d -- "$current"))
    return
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="$path \${COMP_WORDS[index]}"
    case "$word" in
      ${all.map(({ path }) => `"${path}"`).join('|')}) path="$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _ottugi ottugi`
}

function zshScript(program: Command): string {
  return `#compdef ottugi\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(program)}`
}

function fishScript(program: Command): string {
  const lines = entries(program, 'ottugi').flatMap(({ path, words }) => {
    const condition = fishCondition(path.split(' ').slice(1), program)
    return words.map((word) =>
      word.startsWith('--')
        ? `complete -c ottugi -f -n '${condition}' -l ${word.slice(2)}`
        : `complete -c ottugi -f -n '${condition}' -a ${word}`,
    )
  })
  return ['# fish completion for ottugi', ...lines].join('\n')
}

/** Each word of the path was seen, and none of the commands below it. */
function fishCondition(parents: readonly string[], program: Command): string {
  if (parents.length === 0) return '__fish_use_subcommand'
  const last = parents.reduce<Command | undefined>(
    (command, name) => command?.commands.find((child) => child.name() === name),
    program,
  )
  const below = last?.commands.map((child) => child.name()) ?? []
  const seen = parents.map((name) => `__fish_seen_subcommand_from ${name}`)
  return [...seen, ...(below.length > 0 ? [`not __fish_seen_subcommand_from ${below.join(' ')}`] : [])].join('; and ')
}
