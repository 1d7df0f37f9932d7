/** A process that has a tool running when it is killed; prints its home when the tool has begun. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openSandboxHome } from './support.ts'

const home = await openSandboxHome()
const code = `fs.writeFileSync('begun', ''); childProcess.spawn('/usr/bin/setsid', ['-f', '/usr/bin/sleep', '7501']); process.kill(process.pid, 'SIGSTOP'); await new Promise(() => {})`
void home.jsProgram(code)
while (!existsSync(join(home.paths.workspace, 'begun'))) await new Promise((later) => setTimeout(later, 20))
process.stdout.write(home.paths.home)
