import { dashboardOverviewMessages } from '../../../../src/shared/messages/dashboardOverview.ts'
import { dashboardPageMessages } from '../../../../src/shared/messages/dashboardPage.ts'

/** The texts that every view may use: those of the shell and of the first screen. */
export const pageMessages = { ...dashboardPageMessages, ...dashboardOverviewMessages } as const
