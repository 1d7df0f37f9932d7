import type { Command } from 'commander'
import type { CliContext } from './context.ts'

type Register = (program: Command, context: CliContext) => void

/** Every command and the module it lives in, in the order of the help. A module is loaded only when its command is called, or when all are listed. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  init: async () => (await import('./commands/init.ts')).registerInit,
  start: async () => (await import('./commands/start.ts')).registerStart,
  stop: async () => (await import('./commands/stop.ts')).registerStop,
  restart: async () => (await import('./commands/restart.ts')).registerRestart,
  status: async () => (await import('./commands/status.ts')).registerStatus,
  health: async () => (await import('./commands/health.ts')).registerHealth,
  logs: async () => (await import('./commands/logs.ts')).registerLogs,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  security: async () => (await import('./commands/security.ts')).registerSecurity,
  diagnose: async () => (await import('./commands/diagnose.ts')).registerDiagnose,
  incidents: async () => (await import('./commands/incidents.ts')).registerIncidents,
  alerts: async () => (await import('./commands/alerts.ts')).registerAlerts,
  notify: async () => (await import('./commands/notify.ts')).registerNotify,
  approvals: async () => (await import('./commands/approvals.ts')).registerApprovals,
  recovery: async () => (await import('./commands/recovery.ts')).registerRecovery,
  redact: async () => (await import('./commands/redact.ts')).registerRedact,
  costs: async () => (await import('./commands/costs.ts')).registerCosts,
  models: async () => (await import('./commands/models.ts')).registerModels,
  tools: async () => (await import('./commands/tools.ts')).registerTools,
  config: async () => (await import('./commands/config.ts')).registerConfig,
  maintenance: async () => (await import('./commands/maintenance.ts')).registerMaintenance,
  dashboard: async () => (await import('./commands/dashboard.ts')).registerDashboard,
  backup: async () => (await import('./commands/backup.ts')).registerBackup,
  restore: async () => (await import('./commands/restore.ts')).registerRestore,
  data: async () => (await import('./commands/data.ts')).registerData,
  update: async () => (await import('./commands/update.ts')).registerUpdate,
  service: async () => (await import('./commands/service.ts')).registerService,
  'run-forever': async () => (await import('./commands/runForever.ts')).registerRunForever,
  uninstall: async () => (await import('./commands/uninstall.ts')).registerUninstall,
  run: async () => (await import('./commands/run.ts')).registerRun,
  chat: async () => (await import('./commands/chat.ts')).registerChat,
  sessions: async () => (await import('./commands/sessions.ts')).registerSessions,
  replay: async () => (await import('./commands/replay.ts')).registerReplay,
  schedule: async () => (await import('./commands/schedule.ts')).registerSchedule,
  drill: async () => (await import('./commands/drill.ts')).registerDrill,
}

/** The command that the words of a call name, if it is one of ours. */
export function namedCommand(words: readonly string[]): {
  readonly word: string | undefined
  readonly isKnown: boolean
} {
  const word = words.find((candidate, index) => !candidate.startsWith('-') && words[index - 1] !== '--home')
  return { word, isKnown: word !== undefined && Object.hasOwn(COMMANDS, word) }
}

/** Adds the command that the words name, or all of them where they name none (help, completion, a mistyped one). */
export async function registerCommands(program: Command, context: CliContext, words: readonly string[]): Promise<void> {
  const { word } = namedCommand(words)
  const load = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined
  const loaders = load ? [load] : Object.values(COMMANDS)
  for (const register of await Promise.all(loaders.map((loader) => loader()))) register(program, context)
  if (!load) (await import('./commands/completion.ts')).registerCompletion(program, context)
}
