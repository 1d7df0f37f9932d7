import type { Messages } from './message.ts'

/** Texts of `recovery`. */
export const recoveryMessages = {} as const satisfies Messages
