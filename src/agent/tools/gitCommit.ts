import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { gitAnswer, gitPaths, openRepository, type Repository } from './git.ts'
import type { ToolOutcome, ToolSettings } from './tool.ts'

const schema = z.strictObject({
  repo: z.string().optional().describe('its folder'),
  message: z.string().min(1).max(20_000).describe('subject, empty line, why'),
  files: z.array(z.string().min(1)).max(500).optional().describe('added first; default: what is staged'),
})
type Input = z.infer<typeof schema>

/** Makes a commit. Never twice for one call: whether one was made is looked up by people or by the model, not tried again. */
export const gitCommitTool = defineTool({
  name: 'git_commit',
  description:
    'Commit in a git repository when the person asked for it: the named files, or what is staged. Returns the hash. Runs no hooks, never pushes, refuses if empty.',
  schema,
  safety: 'unsafe',
  risk: 1,
  deadlineMs: 60_000,
  maxOutput: 8_000,
  place: 'sandbox',
  run: async (input: Input, context) => {
    const { repo, message, files = [] } = input
    if (message.includes('\0') || message.trim() === '') return { ok: false, reason: 'the message is empty or no text' }
    const repository = await openRepository(context, repo)
    if (!repository.ok) return repository
    const paths = gitPaths(repository, context.workspace, files)
    if (!paths.ok) return paths
    if (files.length > 0) {
      const added = gitAnswer(
        await repository.git(['add', '--all', '--', ...paths.paths]),
        'git_status names the files',
      )
      if (!added.ok) return added
    }
    return commit(repository, { message, paths: paths.paths, author: authorOf(context.settings) })
  },
})

type Commit = { readonly message: string; readonly paths: readonly string[]; readonly author: Author }
type Author = NonNullable<ToolSettings['git']>

function authorOf({ git }: ToolSettings): Author {
  return git ?? { name: 'Ottugi', email: 'ottugi@localhost' }
}

async function commit({ git }: Repository, { message, paths, author }: Commit): Promise<ToolOutcome> {
  const only = paths.length > 0 ? ['--', ...paths] : []
  const staged = await git(['diff', '--cached', '--quiet', '--no-ext-diff', '--ignore-submodules=dirty', ...only])
  if (staged.ok && staged.code === 0)
    return { ok: false, reason: 'there is nothing to commit', hint: 'name the files in files; git_status shows them' }
  const identity = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  }
  const ran = await git(
    ['commit', '--no-verify', '--no-gpg-sign', '--cleanup=whitespace', `--message=${message}`, ...only],
    identity,
  )
  return gitAnswer(ran, 'git_status shows how the repository stands')
}
