/** A process that was started with an open descriptor of somebody else's: prints what a tool finds at that number. */
import { openSandboxHome } from './support.ts'

const home = await openSandboxHome()
const { text } = await home.js(
  `return arg.map((fd) => { try { return fs.readFileSync(fd, 'utf8') } catch (error) { return error.code } })`,
  [9, 40],
)
await home.leave()
process.stdout.write(text)
