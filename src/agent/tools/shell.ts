import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { findFolder } from './paths.ts'
import { programOutcome } from './programOutcome.ts'
import { runProgram } from './runProgram.ts'

const schema = z.strictObject({
  command: z.string().min(1).max(100_000).describe('bash'),
  cwd: z.string().optional().describe('folder'),
})

/** Both outputs become one before the command begins, so that their lines stay in order; the second bash takes the place of the first. */
const TOGETHER = 'exec bash -c "$1" 2>&1'

/** Runs a command line. The one place of the product where a shell is started: the shell is the tool, and it lives in the sandbox. */
export const shellTool = defineTool({
  name: 'shell',
  description:
    'Run bash in the workspace when no other tool does it: builds, tests. Returns output and exit code. No network, no input, 120 s; ends background processes.',
  schema,
  safety: 'unsafe',
  risk: 2,
  deadlineMs: 120_000,
  maxOutput: 20_000,
  place: 'sandbox',
  runsPrograms: true,
  run: async ({ command, cwd = '.' }: z.infer<typeof schema>, { workspace, signal }) => {
    if (command.includes('\0')) return { ok: false, reason: 'a command cannot hold a NUL character' }
    const folder = findFolder(workspace, cwd)
    if (!folder.ok) return folder
    const args = ['-c', TOGETHER, 'bash', command]
    const ran = await runProgram({ program: 'bash', args, cwd: folder.path, workspace, signal })
    return programOutcome(ran, hintFor)
  },
})

function hintFor(code: number | null, output: string): string | undefined {
  if (code === 127) return 'the program is not installed here, or its name is misspelt; command -v tells'
  if (code === 126) return 'the file is not executable: run it with its interpreter, or chmod +x it'
  if (/could not resolve|temporary failure in name resolution|network is unreachable/i.test(output)) {
    return 'there is no network in here: http_fetch gets pages'
  }
  if (/read-only file system|permission denied/i.test(output)) return 'only the workspace and /tmp can be written'
  return undefined
}
