import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { type Language, runCode } from './runCode.ts'

const schema = z.strictObject({
  code: z.string().min(1).max(500_000).describe('console.log what you need'),
})

const NODE: Language = {
  program: process.execPath,
  // The file says by its own syntax whether it is a module; a warning about that would only be noise.
  args: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--disable-warning=ExperimentalWarning'],
  ending: 'ts',
  environment: () => ({}),
  hint: (output) =>
    /ERR_MODULE_NOT_FOUND|Cannot find module/.test(output)
      ? 'only packages in the workspace and node: modules are there, and no network to install others'
      : undefined,
  missing: 'Node was not found',
}

/** Runs JavaScript or TypeScript. */
export const runNodeTool = defineTool({
  name: 'run_node',
  description:
    'Run JavaScript or TypeScript with Node in the workspace, as a module or with require. Returns what it prints and the exit code. No network, no input, 120 s.',
  schema,
  safety: 'unsafe',
  risk: 2,
  deadlineMs: 120_000,
  maxOutput: 20_000,
  place: 'sandbox',
  runsPrograms: true,
  run: ({ code }: z.infer<typeof schema>, context) => runCode(NODE, code, context),
})
