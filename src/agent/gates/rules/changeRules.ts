/** PURE. Commands that change the workspace, run programs in it, or use the network: asked, unless the owner said otherwise. */

import type { Example, Group, Match, Rule } from '../rule.ts'
import { FILES, NETWORK, RUNNERS } from './programs.ts'

type Asks = Omit<Extract<Match, { on: 'command' }>, 'on'>
type Proof = readonly [yes: readonly Example[], no: readonly Example[]]

const REASONS: Readonly<Record<'workspace' | 'program' | 'network', string>> = {
  workspace: 'Files of the workspace would be changed.',
  program: 'A program would run that can do anything the sandbox lets it.',
  network: 'It reaches for the network.',
}

function asks(id: string, group: keyof typeof REASONS & Group, match: Asks, [yes, no]: Proof): Rule {
  return {
    id,
    tool: 'shell',
    match: { on: 'command', ...match },
    verdict: 'ask',
    group,
    reason: REASONS[group],
    yes,
    no,
  }
}

/** What is asked. */
export const CHANGE_RULES: readonly Rule[] = [
  asks('change.files', 'workspace', { programs: FILES }, [
    ['mkdir -p a/b', 'rm a.txt', 'ls | tee b', 'timeout 5 mv a b'],
    ['ls', 'rmx a'],
  ]),
  asks('change.sed', 'workspace', { programs: ['sed'], options: ['-i', '--in-place'] }, [
    ["sed -i 's/a/b/' a.b", "sed --in-pl 's/a/b/' a.b"],
    ["sed 's/a/b/' a.b"],
  ]),
  asks('change.patch', 'workspace', { programs: ['patch'] }, [['patch -p1'], ['ls']]),
  asks('change.tar', 'workspace', { programs: ['tar'], without: ['-t', '--list'] }, [
    ['tar -xf a.tar', 'tar czf a.tgz src'],
    ['ls'],
  ]),
  asks(
    'change.find',
    'workspace',
    { programs: ['find'], options: ['-delete', '-fprint', '-fprint0', '-fprintf', '-fls'] },
    [['find . -delete'], ['find . -name x']],
  ),
  asks(
    'change.git',
    'workspace',
    {
      programs: ['git'],
      subs: [
        'add',
        'commit',
        'checkout',
        'switch',
        'restore',
        'stash',
        'mv',
        'rm',
        'init',
        'merge',
        'cherry-pick',
        'revert',
        'apply',
      ],
    },
    [
      ['git add -A', 'git commit -m x'],
      ['git push', 'git status'],
    ],
  ),
  asks('change.gitNames', 'workspace', { programs: ['git'], subs: ['branch', 'tag'], minArgs: 1 }, [
    ['git branch x', 'git tag -d v1'],
    ['git branch -a'],
  ]),
  asks('change.gitRemote', 'network', { programs: ['git'], subs: ['remote'], minArgs: 1 }, [
    ['git remote add a b', 'git remote update x'],
    ['git remote -v'],
  ]),
  asks(
    'change.gitHistory',
    'program',
    {
      programs: ['git'],
      subs: [
        'reset',
        'rebase',
        'clean',
        'gc',
        'worktree',
        'notes',
        'reflog',
        'filter-branch',
        'am',
        'bisect',
        'update-ref',
        'replace',
        'hook',
        'maintenance',
        'prune',
      ],
    },
    [['git reset --hard', 'git clean -fd', 'git gc'], ['git add a']],
  ),
  asks(
    'network.git',
    'network',
    {
      programs: ['git'],
      subs: [
        'push',
        'pull',
        'fetch',
        'clone',
        'ls-remote',
        'submodule',
        'archive',
        'send-email',
        'request-pull',
        'lfs',
      ],
    },
    [['git push', 'git clone https://example.com/a.git', 'git fetch a'], ['git log']],
  ),
  asks('network.programs', 'network', { programs: NETWORK, without: ['--version'] }, [
    ['curl https://example.com', 'npm install', 'pip install x', 'env A=1 wget x', 'ssh host ls'],
    ['ls curl', 'node --version'],
  ]),
  asks('program.runners', 'program', { programs: RUNNERS, without: ['--version'] }, [
    ['python3 a.py', "node -e '1'", './run.sh', 'make', 'bash a.sh', 'nice -n 5 node a.js', 'bin/x', '. env.sh'],
    ['ls', 'echo python3'],
  ]),
]
