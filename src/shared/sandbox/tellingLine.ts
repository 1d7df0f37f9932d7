/** Of what a program said as it died, the line that says why; the rest is a stack. */
export function tellingLine(said: string): string {
  const lines = said.split('\n')
  const telling = lines.find((line) => /^\w*Error\b|^bwrap:|^setpriv:|^prlimit:/.test(line)) ?? lines[0] ?? ''
  return telling.replace(/^Error: /, '').trim()
}
