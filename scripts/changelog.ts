/**
 * CHANGELOG.md in the form of Keep a Changelog 1.1. `--check` says what does not agree (the newest version there, package.json, the lockfile and, with
 * `--tag v1.2.3`, the tag) and ends with 1; `--notes` prints what the newest version brought.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { appRoot } from '../src/shared/paths.ts'
import { changelogFaults, newestRelease } from './pack/changelogText.ts'

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, notes: { type: 'boolean' }, tag: { type: 'string' } },
})
const read = (name: string) => readFileSync(join(appRoot, name), 'utf8')
const changelog = read('CHANGELOG.md')

if (values.notes) console.log(newestRelease(changelog)?.notes ?? '')
if (values.check) {
  const versions = {
    'package.json': JSON.parse(read('package.json')).version,
    'package-lock.json': JSON.parse(read('package-lock.json')).version,
    ...(values.tag === undefined ? {} : { 'the tag': values.tag.replace(/^v/, '') }),
  }
  const faults = changelogFaults(changelog, versions)
  for (const fault of faults) console.error(`CHANGELOG.md: ${fault}`)
  process.exitCode = faults.length > 0 ? 1 : 0
}
