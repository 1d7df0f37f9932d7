/** The line of a crontab that starts the ring at boot, where there is neither systemd nor launchd. Pure. */
import { shellWord } from '../shared/printedCommand.ts'

/** What the line is made of; paths are absolute. */
export type CronSpec = {
  readonly node: string
  /** The command line's own file. */
  readonly main: string
  readonly home: string
  readonly logFile: string
  readonly path: string
}

/** One line, without a break at its end. cron gives a program next to no PATH, and reads a bare `%` as the end of the command. */
export function cronLine({ node, main, home, logFile, path }: CronSpec): string {
  const words = [node, main, 'run-forever', '--stay', '--home', home].map(shellWord).join(' ')
  return `@reboot PATH=${shellWord(path)} ${words} >>${shellWord(logFile)} 2>&1`.replaceAll('%', '\\%')
}
