/** PURE. Options and arguments by which a program runs what nobody reads, or harms others. */
import type { Rule } from '../rule.ts'
import { refuse } from './refusal.ts'

/** What is refused because of its words. */
export const FORBIDDEN_OPTIONS: readonly Rule[] = [
  refuse(
    'gitRuns',
    {
      programs: ['git'],
      options: [
        '-c',
        '--exec-path',
        '--git-dir',
        '--work-tree',
        '--config-env',
        '--ext-diff',
        '--textconv',
        '--open-files-in-pager',
        '--exec',
        '--upload-pack',
        '--receive-pack',
        '--template',
        '--config',
      ],
      noWord: /^(commit|switch|branch)$/,
    },
    'With this option git runs other programs, or works on another repository.',
    [
      [
        'git -c alias.x=!ls x',
        'git -c core.pager=./x log',
        'git log --textconv',
        'git fetch --upload-pack=./x a',
        'git rebase --exec ls',
        'git clone -c core.fsmonitor=x a',
      ],
      ['git -c color.ui=never log', 'git commit -c HEAD', 'git --no-pager log'],
    ],
  ),
  refuse(
    'gitSetting',
    {
      programs: ['git'],
      options: ['-c', '--exec-path', '--config-env'],
      subs: ['commit', 'switch', 'branch'],
      word: /^[\w-]+(\.[\w-]+)+=|^--(exec-path|config-env)/,
    },
    'With this option git runs other programs.',
    [['git -c core.editor=./x commit', 'git -c core.hooksPath=x commit -m a'], ['git commit -c HEAD']],
  ),
  refuse(
    'gitAlias',
    {
      programs: ['git'],
      subs: ['config'],
      word: /alias\.|pager|editor|hookspath|fsmonitor|sshcommand|askpass|helper|command|textconv|driver|filter\.|proxy|program|^--global$|^--system$/i,
    },
    'This setting of git decides which programs it runs.',
    [['git config alias.x !ls', 'git config core.hooksPath x'], ['git config user.name x']],
  ),
  refuse(
    'gitForce',
    {
      programs: ['git'],
      subs: ['push'],
      options: ['-f', '--force', '--force-with-lease', '--mirror', '--delete', '-d', '--prune'],
    },
    'It overwrites or removes what others have.',
    [
      [
        'git push --force',
        'git push -f',
        'git push --for origin main',
        'git push origin --delete x',
        'git -C a push -uf',
      ],
      ['git push', 'git push -u origin x'],
    ],
  ),
  refuse(
    'gitForceRef',
    { programs: ['git'], subs: ['push'], word: /^\+|^:/ },
    'It overwrites or removes what others have.',
    [['git push origin +main', 'git push origin :main'], ['git push origin a:b']],
  ),
  refuse('gitTransport', { programs: ['git'], word: /^(ext|fd|file)::/i }, 'This address makes git run a program.', [
    ['git clone "ext::ls"'],
    ['git clone https://example.com/a'],
  ]),
  refuse(
    'tarRuns',
    {
      programs: ['tar'],
      options: [
        '--checkpoint-action',
        '--to-command',
        '--use-compress-program',
        '-I',
        '--rmt-command',
        '--rsh-command',
        '--info-script',
        '--new-volume-script',
        '-F',
        '-P',
        '--absolute-names',
      ],
    },
    'With this option tar runs other programs, or writes outside of the workspace.',
    [['tar xf a --checkpoint-action=exec=ls', 'tar --to-comm=ls -xf a', 'tar -I ./x -xf a'], ['tar -xf a']],
  ),
  refuse(
    'sshRuns',
    {
      programs: ['ssh', 'scp', 'sftp', 'rsync'],
      options: ['-o', '-F', '-S', '-e', '--rsh', '--rsync-path', '-L', '-R', '-D', '-w'],
      word: /^-[A-Za-z]*[oFSeLRDw]|^--rs/,
    },
    'With this option it runs other programs or opens a way in.',
    [['ssh -o ProxyCommand=ls h', 'rsync -e ./x a b:', 'scp -oProxyCommand=x a b:'], ['ssh h ls']],
  ),
  refuse(
    'awkRuns',
    { programs: ['awk', 'gawk', 'mawk'], word: /system|getline|\||@/ },
    'This program of awk runs commands that are not read here; call them by themselves.',
    [[`awk 'BEGIN { system("ls") }'`, `awk '{ print | "sh" }' a`], ["awk '{ print $1 }' a"]],
  ),
  refuse(
    'sedRuns',
    { programs: ['sed'], word: /^(?!-)(?:.*[;{}\n]|[\d,$\s]*|\/.*\/)\s*e(?:\s|$)|^s(.).*\1.*\1[a-z0-9]*e/is },
    'This script of sed runs commands.',
    [["sed '1e ls' a", "sed 's/a/b/e' a", 'sed e'], ["sed 's/a/be/' a"]],
  ),
  refuse(
    'preRuns',
    {
      programs: ['rg', 'sort', 'fd', 'fdfind'],
      options: ['--pre', '--hostname-bin', '--compress-program', '--exec', '--exec-batch'],
    },
    'With this option it runs another program.',
    [['rg --pre ./x y', 'sort --compress-program=./x a', 'fd x --exec rm'], ['rg x']],
  ),
  refuse(
    'netServe',
    { programs: ['nc', 'ncat', 'netcat', 'socat'], options: ['-l', '-e', '-c', '--exec', '--sh-exec', '--listen'] },
    'It opens a way in, or hands a shell to the network.',
    [['nc -l 80', 'nc -e sh h 1'], ['nc h 80']],
  ),
  refuse(
    'curlFiles',
    {
      programs: ['curl', 'wget'],
      options: [
        '-K',
        '--config',
        '--netrc',
        '--netrc-file',
        '--use-askpass',
        '--unix-socket',
        '--abstract-unix-socket',
        '--proxy-user',
        '--post-file',
        '--body-file',
        '-T',
        '--upload-file',
      ],
      word: /^-[a-zA-Z]*[KT]|^--/,
    },
    'It would send files, or read its orders from one.',
    [['curl -K x', 'curl -T a https://example.com'], ['curl -O https://example.com/a']],
  ),
]
