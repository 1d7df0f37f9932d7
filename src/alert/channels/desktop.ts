import type { Notice } from '../notice.ts'
import type { Channel } from './channel.ts'
import { runProgram } from './program.ts'

const URGENCY = { info: 'low', warning: 'normal', critical: 'critical' } as const

/** The screen of this machine: `notify-send`, on a Mac `osascript`. Title and text are arguments, never part of a script. */
export const desktop: Channel<'desktop'> = (notice, _settings, { environment, signal }) =>
  runProgram({ words: wordsFor(notice, process.platform), input: '', environment, signal })

/** The program and its arguments on that platform. */
export function wordsFor({ title, body, severity }: Notice, platform: NodeJS.Platform): string[] {
  if (platform !== 'darwin') return ['notify-send', '-a', 'Ottugi', '-u', URGENCY[severity], '--', title, body]
  const script = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run']
  return ['osascript', ...script.flatMap((line) => ['-e', line]), title, body]
}
