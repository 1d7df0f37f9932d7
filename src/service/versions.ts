/** Below zero where `a` is older than `b`, zero for the same, above where it is newer. A version with a word after `-` comes before the one without (semver 2.0.0, 11). */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)]
  for (let index = 0; index < 3; index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  if (left.word === right.word) return 0
  if (left.word === '' || right.word === '') return left.word === '' ? 1 : -1
  return left.word < right.word ? -1 : 1
}

function split(version: string): { numbers: number[]; word: string } {
  const [core = '', word = ''] = version.replace(/\+.*$/, '').split(/-(.*)/s)
  return { numbers: core.split('.').map((part) => Number.parseInt(part, 10) || 0), word }
}
