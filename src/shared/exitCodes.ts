/** Exit codes of every Ottugi process and command (after sysexits.h where a code exists there). */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** Wrong usage, or input is needed and there is no terminal. */
  usage: 2,
  /** The service that was asked is not reachable. */
  unavailable: 69,
  /** A passing state: try again. */
  tryAgain: 75,
  /** The guardian refuses this start. PM2 leaves a process that ends so stopped (`stop_exit_codes`). */
  refused: 78,
} as const
