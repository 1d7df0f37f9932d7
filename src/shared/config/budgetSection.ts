import { amount, duration, section, setting, whole } from './fields.ts'

const usd = amount(0, 1_000_000)
const tokens = whole(0, 1_000_000_000_000)

function money(initial: number, description: string) {
  return setting(usd, initial, { description, unit: 'USD', ownerOnly: true })
}

function counted(initial: number, description: string) {
  return setting(tokens, initial, { description, unit: 'tokens', ownerOnly: true })
}

/** What model calls may cost. Each call is held against every limit with the most that it can cost, before it is made. */
export const budgetSection = section('What may be spent.', {
  dayUsd: money(
    5,
    'Most that model calls may cost in one day; after that they are refused. 0 allows only what costs nothing.',
  ),
  monthUsd: money(0, 'Most that model calls may cost in one month; 0 sets no limit.'),
  runUsd: money(2, 'Most that one run (one question and all that is done for it) may cost; 0 sets no limit.'),
  sessionUsd: money(0, 'Most that one session may cost, with all sessions that grew out of it; 0 sets no limit.'),
  jobUsd: money(1, 'Most that one scheduled job may cost in one day; 0 sets no limit.'),
  dayTokens: counted(
    20_000_000,
    'Most tokens of one day, read and written together. It is what holds models without a price; 0 sets no limit.',
  ),
  monthTokens: counted(0, 'Most tokens of one month; 0 sets no limit.'),
  runTokens: counted(5_000_000, 'Most tokens of one run; 0 sets no limit.'),
  sessionTokens: counted(0, 'Most tokens of one session, with all that grew out of it; 0 sets no limit.'),
  jobTokens: counted(0, 'Most tokens of one scheduled job in one day; 0 sets no limit.'),
  warnPercent: setting(whole(1, 100), 80, {
    description: 'From this share of a limit on a person is told, once for each limit.',
    unit: '%',
    ownerOnly: true,
  }),
  slowPercent: setting(whole(1, 100), 90, {
    description: 'From this share of the limits of the day and the month on the calls of scheduled jobs wait.',
    unit: '%',
    ownerOnly: true,
  }),
  slowMs: setting(duration(0), 30_000, {
    description: 'How long each of them waits; 0 lets none wait.',
    unit: 'ms',
    ownerOnly: true,
  }),
})
