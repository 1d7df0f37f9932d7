/** PURE. Commands that only look. An option that would let one of them write or run something is named beside it. */

import type { Rule } from '../rule.ts'
import { looks } from './looking.ts'
import { SIMPLE } from './programs.ts'

/** A `sed` script of one address with p, d, q or =, or of one plain substitution: nothing in it writes a file (`w`) or runs a command (`e`). */
const PLAIN_SED =
  /^(?:(?:\d+|\$)?(?:,(?:\d+|\$))?[pdq=]|\/[\w .*^$-]*\/[pdq=]|s([/|#,])[\w .*^$:()[\]-]*\1[\w .:&-]*\1[gpI0-9]*)$/

/** What looks and does nothing else. */
export const LOOK_RULES: readonly Rule[] = [
  looks(
    'simple',
    { programs: SIMPLE },
    ['ls -la src', 'cat a | head -5', '/bin/cat a', "grep -rn 'a b' src", 'ps aux'],
    ['rm x', './ls', 'lsof'],
  ),
  looks('printf', { programs: ['printf'], without: ['-v'] }, ["printf '%s' a"], ['printf -v PATH x']),
  looks('test', { programs: ['test', '['], without: ['-v', '-R'] }, ['test -f a', '[ -d src ]'], ["test -v 'a[0]'"]),
  looks(
    'file',
    { programs: ['file'], without: ['-C', '-m', '--compile', '--magic-file', '-z', '-Z'] },
    ['file a'],
    ['file -C -m x'],
  ),
  looks(
    'date',
    { programs: ['date'], without: ['-s', '--set', '-f', '--file'], noWord: /^\d+(\.\d+)?$/ },
    ['date -u +%F'],
    ['date -s now', 'date 01010000'],
  ),
  looks(
    'sort',
    {
      programs: ['sort'],
      without: ['-o', '--output', '--compress-program', '-T', '--temporary-directory', '--files0-from'],
    },
    ['sort -u a'],
    ['sort a -o b', 'sort --compress-prog=x a'],
  ),
  looks('uniq', { programs: ['uniq'], maxArgs: 1 }, ['uniq -c a'], ['uniq a b']),
  looks('tree', { programs: ['tree'], without: ['-o', '-R', '--output'] }, ['tree src'], ['tree -o x']),
  looks('xxd', { programs: ['xxd'], without: ['-r', '-revert'], maxArgs: 1 }, ['xxd a'], ['xxd -r a b', 'xxd a b']),
  looks('env', { programs: ['env', 'printenv', 'locale'], maxArgs: 1 }, ['printenv LANG', 'env'], ['printenv A B']),
  looks('command', { programs: ['command'], options: ['-v', '-V'] }, ['command -v node'], ['command ls', 'nodemon -v']),
  looks(
    'find',
    {
      programs: ['find'],
      without: [
        '-exec',
        '-execdir',
        '-ok',
        '-okdir',
        '-delete',
        '-fprint',
        '-fprint0',
        '-fprintf',
        '-fls',
        '-files0-from',
      ],
    },
    ["find src -name '*.ts'", 'find . -type f -newer a'],
    ['find . -delete', 'find . -fls x', 'find . -exec cat {} +'],
  ),
  looks(
    'rg',
    { programs: ['rg'], without: ['--pre', '--pre-glob', '--hostname-bin', '-z', '--search-zip'] },
    ['rg -n x src'],
    ['rg --pre ./x y'],
  ),
  looks(
    'sed',
    {
      programs: ['sed'],
      firstArg: PLAIN_SED,
      without: ['-i', '--in-place', '-e', '--expression', '-f', '--file', '-l', '--line-length', '-s', '--separate'],
    },
    ["sed -n '1,5p' a.txt", "sed 's/a/b/g' src/a.ts", 'cat a | sed 5q', "sed '/x/d' a.b"],
    [
      "sed -i 's/a/b/' a.b",
      "sed 's/a/b/;w x' a.b",
      "sed 's/a/b/e' a.b",
      'sed -n 1e a.b',
      "sed '1w x' a.b",
      'sed -f a.b',
      'sed e',
      'sed -e 1e p',
      'sed w/a.b p',
    ],
  ),
  looks(
    'awk',
    {
      programs: ['awk', 'gawk', 'mawk'],
      without: ['-f', '--file', '-i', '--include', '-l', '--load', '-e', '--source', '-v', '-E', '--exec'],
      noWord: /system|getline|[|>@"\\]/,
    },
    ["awk '{ print $1 }' a", "awk -F: '{print $2}' a"],
    ["awk '{ system($1) }' a", `awk '{ print > "x" }' a`],
  ),
  looks(
    'tar',
    {
      programs: ['tar'],
      options: ['-t', '--list'],
      without: [
        '-x',
        '-c',
        '-r',
        '-u',
        '-A',
        '-I',
        '-F',
        '--use-compress-program',
        '--to-command',
        '--checkpoint-action',
        '--rmt-command',
        '--rsh-command',
        '--info-script',
        '--new-volume-script',
        '--extract',
        '--create',
        '--delete',
        '--get',
        '--append',
        '--update',
      ],
    },
    ['tar -tzf a.tgz'],
    ['tar -xf a', 'tar tf a'],
  ),
  looks(
    'version',
    {
      programs: [
        'node',
        'npm',
        'python',
        'python3',
        'git',
        'bash',
        'gcc',
        'make',
        'go',
        'cargo',
        'rustc',
        'java',
        'ruby',
        'perl',
      ],
      options: ['--version'],
      maxArgs: 0,
      noWord: /^(?!--version$)/,
    },
    ['node --version'],
    ['node --version -e 1', 'npm run x --version'],
  ),
]
