/** Writes the files that are made from the source. With `--check` it writes nothing, and exits 1 when one of them is not as it would be written. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { settingsJsonSchema } from '../src/shared/config/jsonSchema.ts'
import { settingsReference } from '../src/shared/config/settingsReference.ts'
import { appRoot } from '../src/shared/paths.ts'

const GENERATED: Readonly<Record<string, () => string>> = {
  'docs/ottugi.schema.json': () => `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`,
  'docs/settings.md': settingsReference,
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const isCheck = process.argv.includes('--check')
const outdated = Object.entries(GENERATED)
  .map(([name, make]) => ({ name, path: join(appRoot, name), content: make() }))
  .filter(({ path, content }) => contentOf(path) !== content)

for (const { name, path, content } of outdated) {
  if (isCheck) {
    process.stderr.write(`${name} is not what the source makes of it. Run: npm run generate\n`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    process.stdout.write(`wrote ${name}\n`)
  }
}
