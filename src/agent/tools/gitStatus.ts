import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { gitAnswer, openRepository } from './git.ts'

const schema = z.strictObject({ repo: z.string().optional().describe('its folder') })

/** Says how a repository stands. */
export const gitStatusTool = defineTool({
  name: 'git_status',
  description:
    'See the branch and the changed, staged and new files of a git repository, before a commit. Returns the short format. Refuses repositories outside the workspace.',
  schema,
  safety: 'pure',
  risk: 0,
  deadlineMs: 30_000,
  maxOutput: 20_000,
  place: 'sandbox',
  run: async ({ repo }: z.infer<typeof schema>, context) => {
    const repository = await openRepository(context, repo)
    if (!repository.ok) return repository
    const answer = gitAnswer(
      await repository.git(['status', '--porcelain=v1', '--branch', '--ignore-submodules=dirty']),
    )
    if (!answer.ok || answer.text.includes('\n')) return answer
    return { ok: true, text: `${answer.text}\nNothing is changed.` }
  },
})
