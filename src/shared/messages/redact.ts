import type { Messages } from './message.ts'

/** Texts of `redact`. */
export const redactMessages = {} as const satisfies Messages
