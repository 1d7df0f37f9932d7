/** Masks secrets in any text. In order: known values, what its surroundings call secret, tokens of known makers, what looks random. */
import { exactValues } from './exactValues.ts'
import { findFields } from './fields.ts'
import { findFlags } from './flags.ts'
import { findHeaders } from './headers.ts'
import { findKeyBlocks } from './keyBlocks.ts'
import { findRandomTokens } from './randomTokens.ts'
import { openRedaction, type Redaction } from './redaction.ts'
import { findInUrls } from './urls.ts'
import { findVendorTokens } from './vendors.ts'

/** Masks every secret in a text as `[masked:<kind>]`. Masking twice changes nothing; never throws; time and memory grow with the length only. */
export type Redactor = { readonly redact: (text: string) => string }

/** The first finder that knows a place names its kind. */
const BY_FORM = [findKeyBlocks, findHeaders, findInUrls, findFields, findFlags, findVendorTokens, findRandomTokens]

/** Makes a redactor that knows these secrets, in every encoding, beside all that can be told by its form. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const open = createRedaction(secrets)
  return {
    redact: (text) => {
      const redaction = open()
      return redaction.push(text) + redaction.end()
    },
  }
}

/** The same for texts that come in pieces: each call begins one. */
export function createRedaction(secrets: readonly string[]): () => Redaction {
  const exact = exactValues(secrets)
  const finders = [exact.find, ...BY_FORM]
  return () => openRedaction(finders, exact.longest)
}
