/** The settings: every key with its values, default, unit and description. Documentation and JSON Schema are made from this file. */
import * as z from 'zod'
import { alertsSection } from './alertsSection.ts'
import { budgetSection } from './budgetSection.ts'
import { contextSection } from './contextSection.ts'
import { dashboardSection } from './dashboardSection.ts'
import {
  amount,
  commandNames,
  duration,
  host,
  plainVariables,
  portNumber,
  secretVariable,
  section,
  setting,
  webAddress,
  whole,
} from './fields.ts'
import { gatesSection } from './gatesSection.ts'
import { providersSetting } from './providersSection.ts'
import { PROVIDER_NAMES } from './providerTable.ts'
import { recoverySection } from './recoverySection.ts'
import { retentionSection } from './retentionSection.ts'
import { routingSettings } from './routingSection.ts'
import { crossFieldRules } from './rules.ts'
import { networkSection, sandboxSection } from './sandboxSection.ts'
import { scheduleSection } from './scheduleSection.ts'
import { toolsSection } from './toolsSection.ts'
import { watchdogSection } from './watchdogSection.ts'

const agentSection = section('The agent: the process that does the work.', {
  host: setting(host, '127.0.0.1', {
    description: 'Address that the agent listens on. Beyond loopback only with OTTUGI_TOKEN set.',
    ownerOnly: true,
    form: 'host',
  }),
  port: setting(portNumber, 7710, { description: 'Port of the agent; 0 takes any free one.' }),
  maxHeapMb: setting(whole(16, 1_048_576), 512, {
    description:
      'Largest JavaScript heap of the agent; beyond it the process ends and is started again. All its memory together may be twice as much and 256 MiB, or 80 % of the machine. An agent that leaks puts its work down and is restarted before it gets there.',
    unit: 'MiB',
  }),
  drainMs: setting(duration(0), 10_000, {
    description: 'How long a stopping agent may finish what it is doing.',
    unit: 'ms',
  }),
  systemPrompt: setting(
    z.string().min(1),
    'You are Ottugi, a careful assistant that runs on a machine of its owner. Say what you do, do only what was asked, and admit what you do not know.',
    { description: 'What the model is told before every conversation.' },
  ),
  maxRounds: setting(whole(1, 1_000), 25, {
    description: 'Most answers of the model in one run; tools are called between them.',
    unit: 'answers',
  }),
  whileBusy: setting(z.enum(['queue', 'steer']), 'queue', {
    description:
      'What becomes of a message to a session that is being worked on: it waits as the next question, or the model hears it with its next call.',
  }),
  approvalLastsMs: setting(duration(1_000), 86_400_000, {
    description: 'How long a question to a person stays open; after that it counts as a no.',
    unit: 'ms',
  }),
})

const modelSection = section('The language model.', {
  provider: setting(z.enum(PROVIDER_NAMES), 'anthropic', {
    description:
      'Who is asked. Name, baseUrl, keyVariable and prices that are left as they are follow it; all providers: ottugi models list.',
  }),
  name: setting(z.string().min(1), 'claude-sonnet-5-5', { description: 'The model, as its provider calls it.' }),
  baseUrl: setting(webAddress, 'https://api.anthropic.com', {
    description: 'Where the model is called. The key is sent there.',
    ownerOnly: true,
    form: 'url',
  }),
  keyVariable: setting(secretVariable, 'ANTHROPIC_API_KEY', {
    description: 'Name of the variable in .env that holds the key.',
    ownerOnly: true,
    form: 'variable',
  }),
  maxTokens: setting(whole(1, 1_000_000), 4_096, { description: 'Longest answer of one call.', unit: 'tokens' }),
  timeoutMs: setting(duration(1_000), 120_000, { description: 'How long one call may take.', unit: 'ms' }),
  inputUsdPerMTok: setting(amount(0, 100_000), 2, {
    description: 'Price of what the model reads.',
    unit: 'USD per million tokens',
  }),
  outputUsdPerMTok: setting(amount(0, 100_000), 10, {
    description: 'Price of what the model writes.',
    unit: 'USD per million tokens',
  }),
  ...routingSettings,
})

const guardianSection = section('The guardian: what is looked at before every start, and what is kept to go back to.', {
  knownGoodAfterMs: setting(duration(1_000), 600_000, {
    description: 'A start that stayed healthy this long becomes the known good one.',
    unit: 'ms',
  }),
  failedStartsBeforeRollback: setting(whole(1, 100), 2, {
    description: 'Failed starts with changed settings before the known good ones are put back.',
    unit: 'starts',
  }),
  safeMode: setting(z.boolean(), true, {
    description: 'Whether the agent may be started with the least it needs when nothing else helps.',
  }),
  backupsKeep: setting(whole(1, 1_000), 5, {
    description: 'Database backups that are kept of each database.',
    unit: 'backups',
  }),
  backupEveryMs: setting(duration(60_000), 3_600_000, {
    description: 'Time between two backups of a database.',
    unit: 'ms',
  }),
  requireCommands: setting(commandNames, [], {
    description: 'External commands that must be found on PATH before the agent starts.',
    ownerOnly: true,
    form: 'commands',
  }),
})

const supervisorSection = section('What starts the processes.', {
  passEnv: setting(plainVariables, [], {
    description:
      'Names of further environment variables that are handed to the processes, such as HTTPS_PROXY. Secrets belong in .env.',
    ownerOnly: true,
    form: 'variables',
  }),
})

const logsSection = section('The log files.', {
  level: setting(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']), 'info', {
    description: 'The least important line that is still written.',
  }),
  maxFileMb: setting(whole(1, 1_024), 10, { description: 'Size at which a log file is rotated.', unit: 'MiB' }),
  maxFiles: setting(whole(1, 100), 5, { description: 'Rotated files that are kept of each log.', unit: 'files' }),
})

/** All settings. Strict: a key that is not here is an error. */
export const settingsSchema = z
  .strictObject({
    language: setting(z.enum(['auto', 'en', 'ko']), 'auto', {
      description: 'Language of everything that people read; auto follows the locale.',
    }),
    agent: agentSection,
    dashboard: dashboardSection,
    model: modelSection,
    context: contextSection,
    providers: providersSetting,
    budget: budgetSection,
    watchdog: watchdogSection,
    guardian: guardianSection,
    recovery: recoverySection,
    alerts: alertsSection,
    sandbox: sandboxSection,
    tools: toolsSection,
    gates: gatesSection,
    network: networkSection,
    schedule: scheduleSection,
    supervisor: supervisorSection,
    logs: logsSection,
    retention: retentionSection,
  })
  .superRefine(crossFieldRules)

/** The settings of one installation, complete and valid. */
export type Settings = z.infer<typeof settingsSchema>
