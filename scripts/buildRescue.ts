/**
 * `npm run prepare`: puts the rescue and everything it needs into one file, `dist/rescue.mjs`, that imports node: built-ins only. A service unit
 * starts through a copy of it, so that the program may be damaged. Says so, and does nothing, where the bundler (a developer's package) is missing.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '..')
const output = join(root, 'dist', 'rescue.mjs')

/** Our code asks where it lies, to find the program: the bundle, which lies elsewhere, answers with what its note says. */
const INTRO = `
import { readFileSync as readNote } from 'node:fs'
import { join as joinNote } from 'node:path'
import { pathToFileURL as urlOfNote } from 'node:url'
const ottugiNote = JSON.parse(readNote(joinNote(import.meta.dirname, 'program.json'), 'utf8'))
const ottugiSelf = urlOfNote(joinNote(ottugiNote.root, 'src', 'shared', 'paths.ts')).href
`

// For whoever runs the program, also where its owner writes for itself alone.
process.umask(0o022)
const rolldown = await import('rolldown').then(
  (loaded) => loaded.rolldown,
  () => undefined,
)
if (rolldown) await build(rolldown)
else process.stdout.write(`${output} is not made: the bundler is not installed (npm ci without --omit=dev)\n`)

async function build(bundle: NonNullable<typeof rolldown>): Promise<void> {
  const made = await bundle({
    input: join(root, 'src', 'rescue', 'main.ts'),
    platform: 'node',
    transform: { define: { 'import.meta.url': 'ottugiSelf' } },
    plugins: [
      {
        name: 'no-packages',
        resolveId: (id, _importer, { kind }) => {
          // What is loaded later (databases, settings) is none of the rescue's business, and would bring packages.
          if (kind === 'dynamic-import' && !id.startsWith('node:')) return '\0not-in-the-rescue'
          return null
        },
        load: (id) =>
          id === '\0not-in-the-rescue' ? "throw new Error('this part of the program is not in the rescue')" : null,
      },
    ],
  })
  await made.write({ file: output, format: 'esm', codeSplitting: false, banner: INTRO, minify: false })
  await made.close()
  const foreign = [...readFileSync(output, 'utf8').matchAll(/^import .*? from ["']((?!node:)[^"']+)["']/gm)]
  if (foreign.length > 0) throw new Error(`${pathToFileURL(output)} needs packages: ${foreign.map(([, name]) => name)}`)
}
