import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { badRevision, gitAnswer, gitPaths, openRepository } from './git.ts'

const USUAL_COUNT = 20

const schema = z.strictObject({
  repo: z.string().optional().describe('its folder'),
  revision: z.string().optional().describe('default HEAD'),
  count: z.int().min(1).max(200).optional().describe('how many'),
  files: z.array(z.string().min(1)).max(100).optional().describe('only these'),
})
type Input = z.infer<typeof schema>

/** Shows commits. */
export const gitLogTool = defineTool({
  name: 'git_log',
  description:
    'See the latest commits of a git repository, also of single files. Returns hash, date, author, subject, newest first (20). Refuses revisions that do not exist.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 30_000,
  maxOutput: 20_000,
  place: 'sandbox',
  run: async (input: Input, context) => {
    const { repo, revision = 'HEAD', count = USUAL_COUNT, files = [] } = input
    const bad = badRevision(revision)
    if (bad) return bad
    const repository = await openRepository(context, repo)
    if (!repository.ok) return repository
    const paths = gitPaths(repository, context.workspace, files)
    if (!paths.ok) return paths
    const form = [
      '--no-ext-diff',
      '--no-textconv',
      `--max-count=${count}`,
      '--date=iso-strict',
      '--format=%h %ad %an: %s',
    ]
    const answer = gitAnswer(
      await repository.git(['log', ...form, revision, '--', ...paths.paths]),
      'a new repository has no commits',
    )
    return answer.ok && answer.text === '' ? { ok: true, text: 'No commits.' } : answer
  },
})
