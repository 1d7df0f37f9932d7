/**
 * Every text that a person reads. To add an area: write `<area>.ts` beside this file, which exports
 * `<area>Messages = { 'area.key': { en: '…', ko: '…' } } as const satisfies Messages`, and spread it below. Keys are unique over all areas.
 */
import { agentMessages } from './agent.ts'
import { alertMessages } from './alert.ts'
import { approvalsMessages } from './approvals.ts'
import { cliMessages } from './cli.ts'
import { configMessages } from './config.ts'
import { guardianMessages } from './guardian.ts'
import { notifyMessages } from './notify.ts'
import { recoveryMessages } from './recovery.ts'
import { redactMessages } from './redact.ts'
import { ringMessages } from './ring.ts'
import { runbookMessages } from './runbook.ts'
import { settingsProblemsMessages } from './settingsProblems.ts'
import { statusMessages } from './status.ts'

export const table = {
  ...agentMessages,
  ...alertMessages,
  ...cliMessages,
  ...configMessages,
  ...guardianMessages,
  ...approvalsMessages,
  ...notifyMessages,
  ...recoveryMessages,
  ...redactMessages,
  ...ringMessages,
  ...runbookMessages,
  ...settingsProblemsMessages,
  ...statusMessages,
} as const

export type Table = typeof table
export type MessageKey = keyof Table
