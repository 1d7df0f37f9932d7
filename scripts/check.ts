/** `npm run check`: format, lint, types, generated files, then tests (architecture and dead code are among them). `--quick` leaves the drills out. */
import { spawnSync } from 'node:child_process'

const node = process.execPath
const STEPS: readonly (readonly [string, readonly string[]])[] = [
  ['format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '-p', '.']],
  ['types of the page', ['node_modules/typescript/bin/tsc', '-p', 'dashboard/web']],
  ['the page', ['scripts/buildDashboard.ts']],
  ['generated files', ['scripts/generate.ts', '--check']],
  ['tests', ['scripts/test.ts', ...(process.argv.includes('--quick') ? ['--project', 'unit'] : [])]],
]

for (const [name, words] of STEPS) {
  console.log(`\n== ${name}`)
  const { status } = spawnSync(node, [...words], { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`check: ${name} failed`)
    process.exit(1)
  }
}
console.log('\ncheck: all is well')
