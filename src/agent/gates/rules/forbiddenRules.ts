/** PURE. Commands that are refused: privilege, other users, the machine, our own service, and options by which a program runs what nobody reads. */

import type { Rule } from '../rule.ts'
import { MACHINE, PRIVILEGE, PROCESSES, SCREENS, SHELL_STATE, USERS } from './programs.ts'
import { protect, refuse } from './refusal.ts'

/** What is refused. */
export const FORBIDDEN_RULES: readonly Rule[] = [
  protect('privilege', { programs: PRIVILEGE }, 'It would act as another user, or outside of the sandbox.', [
    [
      'sudo ls',
      'doas ls',
      'su - root',
      'env sudo ls',
      'ls; docker run x',
      '/usr/bin/sudo ls',
      "r=1; s''udo ls",
      '\\sudo ls',
      'SUDO ls',
      "$'\\x73udo' ls",
    ],
    ['ls sudo', 'echo sudo'],
  ]),
  protect('machine', { programs: MACHINE }, 'It changes the machine, not the workspace.', [
    ['mkfs.ext4 /dev/sda', 'systemctl stop x', 'reboot', 'apt-get install x', 'mount a b'],
    ['ls mount'],
  ]),
  protect('users', { programs: USERS }, 'It is about users, owners of files, or jobs of the system.', [
    ['chown root a', 'crontab -l', 'passwd'],
    ['echo passwd', 'chmod +x a'],
  ]),
  protect(
    'own',
    { programs: ['ottugi', 'pm2', '*/ottugi', '*/pm2'] },
    'The agent may not work on its own service, settings or approvals.',
    [['ottugi approvals', 'bin/ottugi stop', 'npx; ottugi x', 'pm2 delete all'], ['ls ottugi']],
  ),
  protect(
    'ownByRunner',
    { programs: ['npx', 'npm', 'node', 'bun', 'pnpm', 'yarn', 'deno'], word: /(^|\/)(ottugi|pm2)(@|$|\/|\.)/ },
    'The agent may not work on its own service, settings or approvals.',
    [['npx ottugi approvals approve A1', 'npx pm2@7 kill', 'node bin/ottugi stop'], ['npx vitest']],
  ),
  protect(
    'chmodSpecial',
    { programs: ['chmod'], word: /^[ugoa,]*[+=][rwxXt]*s|^[0-7]?[4-7][0-7]{3}$/ },
    'The file would run as another user.',
    [
      ['chmod u+s a', 'chmod 4755 a'],
      ['chmod +x a', 'chmod 755 a'],
    ],
  ),
  protect(
    'rmUnsure',
    { programs: ['rm', 'shred', 'chmod', 'dd', 'mv', 'truncate', 'unlink', 'find'], isSure: false },
    'What would be removed or changed is known only when it runs.',
    [
      ['rm -rf $X', 'rm *', 'ls | xargs rm', 'find . -exec rm {} +', 'rm -rf "$A/b"'],
      ['rm -rf build', 'ls $X'],
    ],
  ),
  refuse('processes', { programs: PROCESSES }, 'It ends or watches other processes.', [
    ['kill -9 1', 'pkill node', "find . -name x -exec kill 1 ';'"],
    ['ps aux'],
  ]),
  refuse('screens', { programs: SCREENS }, 'It wants a terminal, and can run commands from inside.', [
    ["vim -c '!ls' a", 'less a', 'man ls'],
    ['cat less'],
  ]),
  refuse('shellState', { programs: SHELL_STATE }, 'It changes what later words mean.', [
    ['alias ls=rm', 'trap x EXIT', 'hash -p ./x ls', 'enable -f x y'],
    ['echo alias'],
  ]),
]
