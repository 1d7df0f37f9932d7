import type { Messages } from './message.ts'

/** Texts of `approvals`. */
export const approvalsMessages = {} as const satisfies Messages
