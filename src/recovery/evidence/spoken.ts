/** PURE. Which faults a log speaks of: signatures over templates. What a log says decides nothing by itself; it only names what a probe must confirm. */
import type { FaultClass } from './faultClass.ts'
import type { LogTemplate } from './foldLogs.ts'

/** Signatures by class, the more special one first: of one line the first that fits is its class. */
const SIGNATURES: readonly (readonly [FaultClass, RegExp])[] = [
  ['module-abi', /\bNODE_MODULE_VERSION\b|\bERR_DLOPEN_FAILED\b|compiled against (?:a different|another)/],
  ['module-missing', /\b(?:ERR_)?MODULE_NOT_FOUND\b|cannot find (?:module|package)\b/],
  ['out-of-memory', /heap out of memory|heap limit|allocation failed|\bERR_WORKER_OUT_OF_MEMORY\b|\bENOMEM\b/],
  ['sqlite-corrupt', /\bSQLITE_CORRUPT\w*|disk image is malformed/],
  ['sqlite-notadb', /\bSQLITE_NOTADB\b|file is not a database/],
  ['sqlite-full', /\bSQLITE_FULL\b|database or disk is full/],
  ['sqlite-busy', /\bSQLITE_(?:BUSY|LOCKED)\w*|database (?:table )?is locked/],
  ['sqlite-cantopen', /\bSQLITE_CANTOPEN\w*|unable to open database/],
  ['inodes-exhausted', /no (?:free )?inodes?\b|inodes? (?:are )?exhausted/],
  ['disk-full', /\b(?:ENOSPC|EDQUOT)\b|no space left/],
  ['descriptors-exhausted', /\b(?:EMFILE|ENFILE)\b|too many open files|descriptor[ -]leak/],
  ['port-taken', /\bEADDRINUSE\b|address already in use/],
  ['port-forbidden', /(?:listen|bind)\W+(?:EACCES|EPERM|EADDRNOTAVAIL)\b/],
  ['clock', /\bCERT_NOT_YET_VALID\b|certificate is not yet valid/],
  [
    'tls',
    /\b(?:CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY|GET)\w+)\b|certificate has expired|self[ -]signed certificate|unable to verify the first certificate/,
  ],
  ['dns', /\b(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL)\b/],
  [
    'provider-unauthorized',
    /\b(?:authentication_error|permission_error|AuthenticationError|PermissionDeniedError|unauthorized)\b|\b40[13]\b/,
  ],
  ['provider-rate-limited', /\b(?:rate_limit_error|insufficient_quota|RateLimitError)\b|\b429\b/],
  [
    'provider-overloaded',
    /\b(?:overloaded_error|api_error|OverloadedError|InternalServerError)\b|\b(?:50[0234]|529)\b/,
  ],
  [
    'network',
    /\b(?:ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ENETDOWN|ETIMEDOUT|UND_ERR_\w+|APIConnection\w*Error)\b/,
  ],
  ['permission', /\b(?:EACCES|EPERM|EROFS)\b|permission denied/],
  ['missing-file', /\bENOENT\b|no such file or directory/],
  ['settings-invalid', /\b(?:YAMLParseError|ZodError)\b/],
  ['json-invalid', /SyntaxError.*\bjson\b|unexpected (?:end of json|non-whitespace)|\bjson\b.*\bunexpected token/],
  ['stale-lock', /stale lock|lock (?:file )?is (?:held|stale)/],
  ['unhandled-rejection', /unhandled rejection|\b(?:UnhandledPromiseRejection|ERR_UNHANDLED_REJECTION)\b/],
  ['hang', /event loop (?:is )?blocked|not (?:respond|answer)/],
  ['crash-loop', /failed (?:starts|start) in a row|crash loop/],
]

/** The class that one template speaks of. */
export function classOf(text: string): FaultClass | undefined {
  return SIGNATURES.find(([, signature]) => signature.test(text))?.[0]
}

/** The classes that a log speaks of, the most frequent first. */
export function spokenClasses(templates: readonly LogTemplate[]): FaultClass[] {
  const counts = new Map<FaultClass, number>()
  for (const { text, count } of templates) {
    const spoken = classOf(text)
    if (spoken) counts.set(spoken, (counts.get(spoken) ?? 0) + count)
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([spoken]) => spoken)
}
