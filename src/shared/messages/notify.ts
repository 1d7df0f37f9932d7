import type { Messages } from './message.ts'

/** Texts of `notify`. */
export const notifyMessages = {} as const satisfies Messages
