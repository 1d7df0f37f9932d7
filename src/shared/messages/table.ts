/**
 * Every text that a person reads. To add an area: write `<area>.ts` beside this file, which exports
 * `<area>Messages = { 'area.key': { en: '…', ko: '…' } } as const satisfies Messages`, and spread it below. Keys are unique over all areas.
 */
import { actionsMessages } from './actions.ts'
import { agentMessages } from './agent.ts'
import { alertMessages } from './alert.ts'
import { approvalsMessages } from './approvals.ts'
import { backupMessages } from './backup.ts'
import { chatMessages } from './chat.ts'
import { cliMessages } from './cli.ts'
import { configMessages } from './config.ts'
import { costsMessages } from './costs.ts'
import { dashboardChatMessages } from './dashboardChat.ts'
import { dashboardOverviewMessages } from './dashboardOverview.ts'
import { dashboardPageMessages } from './dashboardPage.ts'
import { dashboardServerMessages } from './dashboardServer.ts'
import { dashboardSessionsMessages } from './dashboardSessions.ts'
import { dashboardSettingsMessages } from './dashboardSettings.ts'
import { dashboardViewsMessages } from './dashboardViews.ts'
import { dataMessages } from './data.ts'
import { doctorMessages } from './doctor.ts'
import { doctorWhyMessages } from './doctorWhy.ts'
import { foreverMessages } from './forever.ts'
import { gatesMessages } from './gates.ts'
import { guardianMessages } from './guardian.ts'
import { initMessages } from './init.ts'
import { initFlagsMessages } from './initFlags.ts'
import { launchdMessages } from './launchd.ts'
import { modelsMessages } from './models.ts'
import { notifyMessages } from './notify.ts'
import { recoveryMessages } from './recovery.ts'
import { redactMessages } from './redact.ts'
import { ringMessages } from './ring.ts'
import { runbookMessages } from './runbook.ts'
import { sandboxMessages } from './sandbox.ts'
import { scheduleMessages } from './schedule.ts'
import { securityMessages } from './security.ts'
import { serviceMessages } from './service.ts'
import { sessionsMessages } from './sessions.ts'
import { settingsProblemsMessages } from './settingsProblems.ts'
import { statusMessages } from './status.ts'
import { toolsMessages } from './tools.ts'
import { updateMessages } from './update.ts'

export const table = {
  ...actionsMessages,
  ...agentMessages,
  ...alertMessages,
  ...backupMessages,
  ...chatMessages,
  ...cliMessages,
  ...configMessages,
  ...costsMessages,
  ...dashboardChatMessages,
  ...dashboardOverviewMessages,
  ...dashboardPageMessages,
  ...dashboardServerMessages,
  ...dashboardSessionsMessages,
  ...dashboardSettingsMessages,
  ...dashboardViewsMessages,
  ...foreverMessages,
  ...doctorMessages,
  ...doctorWhyMessages,
  ...dataMessages,
  ...gatesMessages,
  ...guardianMessages,
  ...approvalsMessages,
  ...launchdMessages,
  ...initMessages,
  ...initFlagsMessages,
  ...modelsMessages,
  ...notifyMessages,
  ...recoveryMessages,
  ...redactMessages,
  ...ringMessages,
  ...runbookMessages,
  ...sandboxMessages,
  ...scheduleMessages,
  ...securityMessages,
  ...serviceMessages,
  ...sessionsMessages,
  ...settingsProblemsMessages,
  ...statusMessages,
  ...toolsMessages,
  ...updateMessages,
} as const

export type Table = typeof table
export type MessageKey = keyof Table
