/** Finds secrets among the words of a command: `--password x`, `-u name:password`, `["--token","x"]`. */
import { nameBefore } from './keys.ts'
import { isElsewhere, isMethodName, isPlaceholder } from './ordinary.ts'
import type { Finder } from './span.ts'
import { valueAt } from './valueAt.ts'

/** A long option with its value as the next word, in a shell or in a list of arguments. */
const LONG = /(?<![\w-])--?([A-Za-z][\w.-]{1,60})(?:\\{0,7}["'`],[ \t]{0,4}|[ \t]{1,8})(?=\S)/g

/** Short options whose meaning depends on the program. Group 1 is what stands before the value. */
const SHORT: readonly RegExp[] = [
  /(?<![\w-])(?:curl|wget|http|https|xh)\b[^\n]{0,200}?[ \t](?:-u|-U|--user|--proxy-user)[ \t=]{0,2}["'`]?([^\s"'`:]{1,100}:)([^\s"'`]{1,200})/g,
  /(?<![\w-])(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^\n]{0,200}?[ \t](-p)(?!ort\b|rotocol\b)([^\s"'`=-][^\s"'`]{0,200})/g,
  /(?<![\w-])(?:sshpass|docker login|podman login|redis-cli|mongosh?|ldapsearch|smbclient|rabbitmqadmin)\b[^\n]{0,200}?[ \t](-[paw][ \t]{1,3}["'`]?)([^\s"'`-][^\s"'`]{0,200})/g,
  /(?<![\w-])(-pass(?:in|out)?[ \t]{1,3}pass:)([^\s"'`]{1,200})/g,
  /(?<![\w-])(login[ \t]{1,3}\S{1,100}[ \t]{1,3}password[ \t]{1,3})(\S{1,200})/g,
]

/** The finder of secrets in commands. */
export const findFlags: Finder = (text, add) => {
  LONG.lastIndex = 0
  for (let match = LONG.exec(text); match; match = LONG.exec(text)) {
    const [whole, name = ''] = match
    if (!nameBefore(name, name.length)) continue
    const at = match.index + whole.length
    const value = valueAt(text, at)
    if (!value || value.end === value.start || isNoValue(name, text.slice(value.start, value.end), value.quote))
      continue
    add({ from: match.index, start: value.start, end: value.end, kind: 'flag' })
    LONG.lastIndex = value.end
  }
  for (const pattern of SHORT) {
    for (const match of text.matchAll(pattern)) {
      const [whole, , value = ''] = match
      if (isPlaceholder(value)) continue
      const start = match.index + whole.length - value.length
      add({ from: match.index, start, end: start + value.length, kind: 'flag' })
    }
  }
}

/** The next option, a placeholder, or the sentence that explains this one. */
function isNoValue(name: string, value: string, quote: string): boolean {
  if (value.startsWith('-') || isPlaceholder(value)) return true
  if (isMethodName(name, value) || isElsewhere(name, value)) return true
  return quote === '' && /^[가-힣(<[]/.test(value)
}
