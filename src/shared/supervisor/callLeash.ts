/**
 * Loaded into each call of PM2 before PM2's own code. Whoever made the call limits its time; a watchdog that has been replaced
 * in the meantime can't, and PM2 waits without end for the answer of a daemon that has died. The caller's pid is the query of the import.
 */

/** A start of all apps that a person interrupts may still be finished. */
const LIMIT_MS = 5_000
const LOOK_MS = 500

const caller = Number(new URL(import.meta.url).search.slice(1))
let aloneMs = 0
setInterval(() => {
  aloneMs = process.ppid === caller ? 0 : aloneMs + LOOK_MS
  if (aloneMs >= LIMIT_MS) process.exit(1)
}, LOOK_MS).unref()
