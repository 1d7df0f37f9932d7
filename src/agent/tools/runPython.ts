import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { type Language, runCode } from './runCode.ts'

const schema = z.strictObject({ code: z.string().min(1).max(500_000).describe('print what you need') })

const PYTHON: Language = {
  program: 'python3',
  // No .pyc files in the workspace, nothing held back, UTF-8 whatever the locale.
  args: ['-B', '-u', '-X', 'utf8'],
  ending: 'py',
  environment: (workspace) => ({ PYTHONPATH: workspace }),
  hint: (output) => {
    const missing = /ModuleNotFoundError: No module named '([\w.]+)'/.exec(output)?.[1]
    return missing === undefined
      ? undefined
      : `${missing} is not installed, and there is no network to install it: do without`
  },
  missing: 'python3 is not installed here; run_node does the same in JavaScript',
}

/** Runs Python. */
export const runPythonTool = defineTool({
  name: 'run_python',
  description:
    'Run a Python 3 script in the workspace to compute, parse or convert. Returns what it prints and the exit code. No network, no input, no packages, at most 120 s.',
  schema,
  safety: 'unsafe',
  risk: 2,
  deadlineMs: 120_000,
  maxOutput: 20_000,
  place: 'sandbox',
  runsPrograms: true,
  run: ({ code }: z.infer<typeof schema>, context) => runCode(PYTHON, code, context),
})
