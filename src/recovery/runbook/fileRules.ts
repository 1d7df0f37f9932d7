/** Rules for files of ours: modes, folders, packages, databases, locks. */
import { DATABASES } from '../../repair/database/inspect.ts'
import { ALERT, type Rule, step } from './rule.ts'

const EXITED = { symptom: 'exited', isAgentAlive: false, answers: { agent: null, dashboard: true } } as const

const wrongModes: Rule = {
  id: 'wrong-modes',
  why: 'runbook.wrongModes',
  needs: 'runbook.wrongModes.needs',
  treats: ['permission', 'sqlite-cantopen'],
  probe: ({ wrongModes: files }) => (files.length > 0 ? 'permission' : undefined),
  plan: ({ wrongModes: files }) => files.map((file) => step('set_mode', { file })),
  examples: [
    {
      logs: ["Error: EACCES: permission denied, open '/home/o/data/agent.db'"],
      facts: { ...EXITED, wrongModes: ['agent-db'] },
      steps: [step('set_mode', { file: 'agent-db' })],
    },
    { logs: ["Error: EACCES: permission denied, open '/etc/shadow'"], facts: EXITED, steps: [] },
  ],
}

const wrongOwners: Rule = {
  id: 'wrong-owners',
  why: 'runbook.wrongOwners',
  needs: 'runbook.wrongOwners.needs',
  treats: ['permission', 'sqlite-cantopen'],
  probe: ({ wrongOwners: files }) => (files.length > 0 ? 'permission' : undefined),
  plan: () => [ALERT],
  examples: [
    {
      logs: ["Error: EPERM: operation not permitted, chmod '/home/o/.env'"],
      facts: { ...EXITED, wrongOwners: ['env'] },
      steps: [ALERT],
    },
    { logs: ["Error: EPERM: operation not permitted, chmod '/home/o/.env'"], facts: EXITED, steps: [] },
  ],
}

const missingFolders: Rule = {
  id: 'missing-folders',
  why: 'runbook.missingFolders',
  needs: 'runbook.missingFolders.needs',
  treats: ['missing-file', 'sqlite-cantopen'],
  probe: ({ missingFolders: folders }) => (folders.length > 0 ? 'missing-file' : undefined),
  plan: ({ missingFolders: folders }) => folders.map((folder) => step('make_dir', { folder })),
  examples: [
    {
      logs: ["Error: ENOENT: no such file or directory, open '/home/o/logs/agent.jsonl'"],
      facts: { ...EXITED, missingFolders: ['logs'] },
      steps: [step('make_dir', { folder: 'logs' })],
    },
    { logs: ["Error: ENOENT: no such file or directory, open '/tmp/x'"], facts: EXITED, steps: [] },
  ],
}

const dependencies: Rule = {
  id: 'dependencies',
  why: 'runbook.dependencies',
  needs: 'runbook.dependencies.needs',
  treats: ['module-missing', 'module-abi'],
  probe: ({ dependencies: state }) =>
    state === 'damaged' ? 'module-missing' : state === 'wrong-abi' ? 'module-abi' : undefined,
  plan: () => [step('reinstall_dependencies'), ALERT],
  examples: [
    {
      logs: ["Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'zod' imported from /srv/o/src/x.ts"],
      facts: { ...EXITED, dependencies: 'damaged' },
      steps: [step('reinstall_dependencies'), ALERT],
    },
    {
      logs: [
        "Error: The module '/srv/o/node_modules/x.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 115.",
      ],
      facts: { ...EXITED, dependencies: 'wrong-abi' },
      steps: [step('reinstall_dependencies'), ALERT],
    },
    { logs: ["Error: Cannot find module 'left-pad'"], facts: EXITED, steps: [] },
  ],
}

const damagedDatabase: Rule = {
  id: 'damaged-database',
  why: 'runbook.damagedDatabase',
  needs: 'runbook.damagedDatabase.needs',
  treats: ['sqlite-corrupt', 'sqlite-notadb'],
  probe: ({ databases }) => (DATABASES.some((name) => databases[name] === 'damaged') ? 'sqlite-corrupt' : undefined),
  plan: ({ databases }) => [
    ...DATABASES.filter((name) => databases[name] === 'damaged').map((database) =>
      step('restore_database', { database }),
    ),
    ALERT,
  ],
  examples: [
    {
      logs: ['SqliteError: database disk image is malformed'],
      facts: { ...EXITED, databases: { agent: 'damaged', watchdog: 'ok' } },
      steps: [step('restore_database', { database: 'agent' }), ALERT],
    },
    {
      logs: ['SqliteError: file is not a database'],
      facts: { ...EXITED, databases: { agent: 'damaged', watchdog: 'ok' } },
      steps: [step('restore_database', { database: 'agent' }), ALERT],
    },
    { logs: ['SqliteError: database disk image is malformed'], facts: EXITED, steps: [] },
  ],
}

const closedDatabase: Rule = {
  id: 'closed-database',
  why: 'runbook.closedDatabase',
  needs: 'runbook.closedDatabase.needs',
  treats: ['sqlite-cantopen', 'sqlite-busy'],
  // A living agent may lock its own for a moment.
  probe: ({ databases, isAgentAlive }) =>
    isAgentAlive || !['locked', 'unreadable'].includes(databases.agent)
      ? undefined
      : databases.agent === 'locked'
        ? 'sqlite-busy'
        : 'sqlite-cantopen',
  plan: () => [ALERT],
  examples: [
    {
      logs: ['SqliteError: database is locked'],
      facts: { ...EXITED, databases: { agent: 'locked', watchdog: 'ok' } },
      steps: [ALERT],
    },
    {
      logs: ['SqliteError: unable to open database file'],
      facts: { ...EXITED, databases: { agent: 'unreadable', watchdog: 'ok' } },
      steps: [ALERT],
    },
    { logs: ['SqliteError: database is locked'], facts: {}, steps: [] },
  ],
}

const staleLock: Rule = {
  id: 'stale-lock',
  why: 'runbook.staleLock',
  needs: 'runbook.staleLock.needs',
  treats: ['stale-lock'],
  // An identity file of a dead process stands in nobody's way: whoever comes writes it anew. Only the lock of starting does.
  probe: ({ locks }) => (locks.some(({ id, isStale }) => id === 'start' && isStale) ? 'stale-lock' : undefined),
  plan: () => [step('remove_lock', { lock: 'start' })],
  examples: [
    {
      logs: ['cannot start: the lock is held by process 4711'],
      facts: { ...EXITED, locks: [{ id: 'start', isStale: true }] },
      steps: [step('remove_lock', { lock: 'start' })],
    },
    { logs: ['the lock is held by process 4711'], facts: { locks: [{ id: 'start', isStale: false }] }, steps: [] },
  ],
}

/** In this order: what others lie in comes first. */
export const FILE_RULES: readonly Rule[] = [
  wrongModes,
  wrongOwners,
  missingFolders,
  dependencies,
  damagedDatabase,
  closedDatabase,
  staleLock,
]
