/** What a person's doctor looks at beside what every start does: nothing here keeps a start from happening, or is mended without a person. */
import type { Check } from './check.ts'
import { backupAge } from './checks/backupAge.ts'
import { clockSync } from './checks/clockSync.ts'
import { exposure } from './checks/exposure.ts'
import { gates } from './checks/gates.ts'
import { nodePath } from './checks/nodePath.ts'
import { plainSecrets } from './checks/plainSecrets.ts'
import { processOwners } from './checks/processOwners.ts'
import { tokens } from './checks/tokens.ts'

/** In the order in which they are told. */
export const DOCTOR_CHECKS: readonly Check[] = [
  processOwners,
  nodePath,
  tokens,
  exposure,
  plainSecrets,
  gates,
  backupAge,
  clockSync,
]
