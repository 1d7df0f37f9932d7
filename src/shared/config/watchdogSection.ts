import { duration, section, setting, whole } from './fields.ts'

/** The settings of the watchdog: how it looks, how long it waits, when it gives up and passes on. */
export const watchdogSection = section('The watchdog: what sees a fault and acts.', {
  intervalMs: setting(duration(200), 3_000, { description: 'Time between two polls of /health.', unit: 'ms' }),
  failureThreshold: setting(whole(1, 1_000), 3, {
    description: 'Failed polls in a row before a service without a link is called down.',
    unit: 'polls',
  }),
  healthTimeoutMs: setting(duration(50), 2_000, { description: 'How long one poll of /health may take.', unit: 'ms' }),
  hangMs: setting(duration(1_000), 2_000, {
    description: 'A process whose event loop is silent this long hangs. At least watchdog.silentMs.',
    unit: 'ms',
  }),
  silentMs: setting(duration(750), 1_000, {
    description: 'A process that is wholly silent this long is stopped or starved.',
    unit: 'ms',
  }),
  startTimeoutMs: setting(duration(1_000), 20_000, {
    description: 'How long a start may take until the process is ready.',
    unit: 'ms',
  }),
  holdMs: setting(duration(0), 3_000, {
    description: 'How long a new process must stay ready before an incident is closed.',
    unit: 'ms',
  }),
  restartWindowMs: setting(duration(1_000), 600_000, {
    description: 'The window in which restarts and repairs are counted.',
    unit: 'ms',
  }),
  maxRestarts: setting(whole(1, 1_000), 5, {
    description: 'Restarts in the window before the next tier takes over.',
    unit: 'restarts',
  }),
  maxRepairs: setting(whole(0, 1_000), 2, {
    description: 'Repairs of the guardian in the window before recovery takes over.',
    unit: 'repairs',
  }),
  maxRecoveries: setting(whole(0, 1_000), 3, {
    description: 'Runs of recovery in the window before a person is called.',
    unit: 'runs',
  }),
  repairTimeoutMs: setting(duration(1_000), 180_000, { description: 'How long one repair may take.', unit: 'ms' }),
  retryMinMs: setting(duration(1_000), 30_000, {
    description: 'First wait before a new try after giving up.',
    unit: 'ms',
  }),
  retryMaxMs: setting(duration(1_000), 300_000, {
    description: 'Longest wait before a new try after giving up. At least watchdog.retryMinMs.',
    unit: 'ms',
  }),
})
