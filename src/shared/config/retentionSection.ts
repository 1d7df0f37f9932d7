/** How long what has piled up is kept. Nothing is removed by itself: `ottugi data prune` follows these. */
import type * as z from 'zod'
import { section, setting, whole } from './fields.ts'

const MOST_DAYS = 36_500

/** What `ottugi data prune` keeps; 0 days keep everything. */
export const retentionSection = section(
  'How long data is kept: what ottugi data prune follows. Nothing that an open run, incident or approval needs is ever removed.',
  {
    sessionsDays: setting(whole(0, MOST_DAYS), 0, {
      description: 'Sessions in which nothing was said for so long go, with all branches; 0 keeps them for ever.',
      unit: 'days',
    }),
    costsDays: setting(whole(62, MOST_DAYS), 800, {
      description: 'Figures of model calls that are older go. Budgets need those of the last two months.',
      unit: 'days',
    }),
    incidentsDays: setting(whole(0, MOST_DAYS), 365, {
      description: 'Closed incidents and settled notifications that are older go; 0 keeps them for ever.',
      unit: 'days',
    }),
    logsDays: setting(whole(0, MOST_DAYS), 30, {
      description: 'Rotated log files that are older go; 0 keeps them as long as logs.maxFiles says.',
      unit: 'days',
    }),
    asideDays: setting(whole(0, MOST_DAYS), 30, {
      description:
        'What repairs, restores and updates set aside goes after so long; 0 keeps it for ever. What the last restore or update can go back to stays.',
      unit: 'days',
    }),
    backupsKeep: setting(whole(1, 1_000), 10, {
      description: 'Backup files in data/backups that ottugi backup made and that are kept, the newest ones.',
      unit: 'files',
    }),
  },
)

/** The settings of retention. */
export type RetentionSettings = z.infer<typeof retentionSection>
