/** Why an archive cannot be read: `damaged` also for one that somebody changed; `newer` for a form that this version does not know. */
export type ArchiveFault =
  | 'no-archive'
  | 'newer'
  | 'truncated'
  | 'damaged'
  | 'passphrase-needed'
  | 'wrong-passphrase'
  | 'unsafe-name'
  | 'too-large'

/** Ends the reading of an archive; the functions that others call make a value of it. */
export class ArchiveError extends Error {
  readonly fault: ArchiveFault
  constructor(fault: ArchiveFault, detail = '') {
    super(detail === '' ? fault : `${fault}: ${detail}`)
    this.fault = fault
  }
}
