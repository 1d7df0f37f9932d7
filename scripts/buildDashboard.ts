/**
 * Builds the page of the dashboard into `dashboard/dist`, with a brotli copy beside each file, and prints what it weighs. Ends with 1 when the scripts
 * are heavier than {@link MOST_SCRIPT_BYTES}. Where the packages for building are left out it says so and ends well: the server has a small page of its own.
 * With `--optional` (after an installation) a page that cannot be built is no reason to fail either.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { keyFileOf, pageKey } from '../dashboard/pageKey.ts'
import { appRoot } from '../src/shared/paths.ts'

/** What a phone loads before it shows anything, in bytes of brotli: all scripts together. */
const MOST_SCRIPT_BYTES = 120_000
const PRESSED = /\.(?:js|css|svg|webmanifest|html)$/

const web = join(appRoot, 'dashboard', 'web')
const dist = join(appRoot, 'dashboard', 'dist')
/** Beside it, until the page is whole: whoever is served meanwhile sees the old one. */
const fresh = `${dist}-${process.pid}.tmp`
const old = `${dist}-${process.pid}.old.tmp`

// The dashboard, which may have started this, writes for itself alone; the page is for whoever runs the program.
process.umask(0o022)
if (!isThere('vite')) {
  console.log('The page of the dashboard is not built: vite is not installed (npm ci without --omit=dev brings it).')
} else if (!existsSync(join(web, 'index.html'))) {
  console.log(`The page of the dashboard is not built: there is no ${join(web, 'index.html')}.`)
} else {
  try {
    // Whatever the shell that calls is for: what it has in this variable would be built into the page.
    process.env['NODE_ENV'] = 'production'
    const { build } = await import('vite')
    const key = pageKey(appRoot)
    await build({ configFile: join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } })
    report(press())
    writeFileSync(keyFileOf(fresh), key ?? '')
    swap()
  } catch (error) {
    console.error(`The page of the dashboard cannot be built: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
  }
}
if (process.argv.includes('--optional')) process.exitCode = 0

function isThere(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}

/** Another build may have put its page there meanwhile: ours goes over it. */
function swap(): void {
  if (existsSync(dist)) renameSync(dist, old)
  renameSync(fresh, dist)
}

type Pressed = { readonly name: string; readonly bytes: number; readonly pressedBytes: number }

function press(): Pressed[] {
  const names = readdirSync(fresh, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => PRESSED.test(name))
    .map((name) => {
      const content = readFileSync(join(fresh, name))
      const pressed = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })
      // index.html is not sent as it lies there.
      if (name !== 'index.html') writeFileSync(join(fresh, `${name}.br`), pressed)
      return { name, bytes: content.length, pressedBytes: pressed.length }
    })
    .toSorted((a, b) => b.pressedBytes - a.pressedBytes)
}

function report(files: readonly Pressed[]): void {
  for (const { name, bytes, pressedBytes } of files) {
    console.log(`${kilo(bytes).padStart(9)} ${kilo(pressedBytes).padStart(9)} br  ${name}`)
  }
  const scripts = files.filter(({ name }) => name.endsWith('.js')).reduce((sum, file) => sum + file.pressedBytes, 0)
  console.log(`scripts: ${kilo(scripts)} of ${kilo(MOST_SCRIPT_BYTES)} (brotli)`)
  if (scripts <= MOST_SCRIPT_BYTES) return
  console.error('The scripts of the page are too heavy.')
  process.exitCode = 1
}

function kilo(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`
}
