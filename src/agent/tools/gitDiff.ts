import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { badRevision, gitAnswer, gitPaths, openRepository } from './git.ts'

const schema = z.strictObject({
  repo: z.string().optional().describe('its folder'),
  revision: z.string().optional().describe('such as HEAD~1 or a..b'),
  staged: z.boolean().optional().describe('only what is staged'),
  files: z.array(z.string().min(1)).max(100).optional().describe('only these'),
})
type Input = z.infer<typeof schema>

/** Shows changes. */
export const gitDiffTool = defineTool({
  name: 'git_diff',
  description:
    'See what changed in a git repository: unstaged, staged, or against a revision. Returns a summary and a unified diff. Refuses what lies outside the workspace.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 30_000,
  maxOutput: 30_000,
  place: 'sandbox',
  run: async (input: Input, context) => {
    const { repo, revision, staged = false, files = [] } = input
    const bad = revision === undefined ? undefined : badRevision(revision)
    if (bad) return bad
    const repository = await openRepository(context, repo)
    if (!repository.ok) return repository
    const paths = gitPaths(repository, context.workspace, files)
    if (!paths.ok) return paths
    const plain = [
      '--no-ext-diff',
      '--no-textconv',
      '--ignore-submodules=dirty',
      '--submodule=short',
      '--stat',
      '--patch',
    ]
    const what = [...(staged ? ['--cached'] : []), ...(revision === undefined ? [] : [revision])]
    const ran = await repository.git(['diff', ...plain, ...what, '--', ...paths.paths])
    const answer = gitAnswer(ran, 'git_log shows the commits that there are')
    return answer.ok && answer.text === '' ? { ok: true, text: 'No difference.' } : answer
  },
})
