/** PURE. What is known of programs beside the rules: which of their words are paths. */

/** Their words are no paths. */
export const PATHLESS: ReadonlySet<string> = new Set([
  'echo',
  'printf',
  'true',
  'false',
  ':',
  'sleep',
  'seq',
  'expr',
  'date',
  'id',
  'whoami',
  'uname',
  'which',
  'type',
  'tr',
  'pwd',
  'nproc',
  'uptime',
  'free',
  'hostname',
  'arch',
  'tty',
  'printenv',
  'basename',
  'dirname',
  'command',
  'exit',
  'return',
  'break',
  'continue',
  'bc',
  'kill',
])

/** Their first word is a pattern or a program of their own, unless an option brings it. */
export const PATTERN_FIRST: ReadonlySet<string> = new Set([
  'grep',
  'egrep',
  'fgrep',
  'rg',
  'sed',
  'awk',
  'gawk',
  'mawk',
  'jq',
  'yq',
])

/** What their words name is written. */
export const WRITERS: ReadonlySet<string> = new Set([
  'mkdir',
  'touch',
  'cp',
  'mv',
  'rm',
  'rmdir',
  'ln',
  'tee',
  'truncate',
  'install',
  'unlink',
  'shred',
  'chmod',
  'patch',
  'split',
  'csplit',
  'mkfifo',
  'mktemp',
  'gzip',
  'gunzip',
  'bzip2',
  'bunzip2',
  'xz',
  'unxz',
  'zstd',
  'zip',
  'unzip',
  'tar',
  'dd',
  'rename',
  'sponge',
  'cpio',
  '7z',
  'unrar',
])

/** Programs whose first word is a command of their own. */
export const WITH_COMMANDS: ReadonlySet<string> = new Set([
  'git',
  'npm',
  'pnpm',
  'yarn',
  'bun',
  'cargo',
  'go',
  'pip',
  'pip3',
  'uv',
  'apt',
  'apt-get',
  'brew',
  'gh',
  'docker',
  'systemctl',
  'ip',
  'service',
])

/** Names that a function may not take: a rule speaks of them. */
export const SHADOWED =
  /^(\[|\.|:|ls|cat|cd|echo|printf|test|grep|find|git|rm|cp|mv|sed|awk|head|tail|wc|sort|uniq|cut|tr|true|false|pwd|date|env|sh|bash|command|builtin|eval|exec|set|export|read|source|trap|return|exit|sudo|curl|wget|python3?|node|npm)$/

/** Builtins that set variables by name. */
export const SETTERS: ReadonlySet<string> = new Set(
  'export declare typeset local readonly read mapfile readarray getopts printf let unset'.split(' '),
)
