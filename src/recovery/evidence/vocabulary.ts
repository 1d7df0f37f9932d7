/**
 * PURE. The only words of a log that anybody is shown: error codes, names of error classes, and the plain words that Node, V8, SQLite, OpenSSL, YAML
 * and model providers build their messages from. Everything else becomes a slot, so a log can say neither a name nor a value, and hardly a sentence.
 * No word here asks for something: no verb of command, no action of ours, no "you".
 */

/** Error codes as their makers write them: POSIX and Node's network codes, Node's own, V8's, SQLite's, OpenSSL's as Node names them, the providers'. */
const CODE_LIST = `
EACCES EADDRINUSE EADDRNOTAVAIL EAGAIN EAI_AGAIN EAI_FAIL EBADF EBUSY ECONNABORTED ECONNREFUSED ECONNRESET EDQUOT EEXIST EFBIG EHOSTUNREACH EINVAL EIO
EISDIR ELOOP EMFILE ENAMETOOLONG ENETDOWN ENETUNREACH ENFILE ENOENT ENOEXEC ENOMEM ENOSPC ENOTDIR ENOTEMPTY ENOTFOUND EPERM EPIPE EROFS ESRCH ETIMEDOUT
ETXTBSY EXDEV EPROTO
MODULE_NOT_FOUND NODE_MODULE_VERSION ERR_MODULE_NOT_FOUND ERR_DLOPEN_FAILED ERR_PACKAGE_PATH_NOT_EXPORTED ERR_UNHANDLED_REJECTION ERR_INVALID_ARG_TYPE
ERR_INVALID_ARG_VALUE ERR_OUT_OF_RANGE ERR_SOCKET_BAD_PORT ERR_STREAM_WRITE_AFTER_END ERR_STREAM_PREMATURE_CLOSE ERR_WORKER_OUT_OF_MEMORY
ERR_HTTP_HEADERS_SENT ERR_UNKNOWN_FILE_EXTENSION ERR_INVALID_PACKAGE_CONFIG ERR_REQUIRE_ESM ERR_TLS_CERT_ALTNAME_INVALID ERR_SSL_WRONG_VERSION_NUMBER
SQLITE_CORRUPT SQLITE_CORRUPT_INDEX SQLITE_CORRUPT_VTAB SQLITE_NOTADB SQLITE_BUSY SQLITE_BUSY_RECOVERY SQLITE_BUSY_SNAPSHOT SQLITE_LOCKED SQLITE_FULL
SQLITE_CANTOPEN SQLITE_CANTOPEN_ISDIR SQLITE_CANTOPEN_FULLPATH SQLITE_READONLY SQLITE_READONLY_DBMOVED SQLITE_IOERR SQLITE_IOERR_READ SQLITE_IOERR_WRITE
SQLITE_IOERR_SHORT_READ SQLITE_IOERR_FSYNC SQLITE_IOERR_SHMSIZE SQLITE_CONSTRAINT SQLITE_ERROR SQLITE_MISUSE SQLITE_SCHEMA SQLITE_PERM SQLITE_NOMEM
CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_UNTRUSTED CERT_REVOKED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE
UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY
UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT UND_ERR_SOCKET
authentication_error permission_error rate_limit_error overloaded_error api_error invalid_request_error not_found_error insufficient_quota
SIGABRT SIGBUS SIGHUP SIGILL SIGINT SIGKILL SIGSEGV SIGTERM SIGXFSZ
`

const ERROR_NAME_LIST = `
Error TypeError RangeError SyntaxError ReferenceError AggregateError EvalError URIError AssertionError SqliteError ZodError YAMLParseError DOMException
AbortError TimeoutError SystemError APIError APIConnectionError APIConnectionTimeoutError AuthenticationError PermissionDeniedError RateLimitError
InternalServerError OverloadedError BadRequestError UnhandledPromiseRejection FetchError
`

const WORD_LIST = `
a an and are as at be been but by can cannot could couldn't did didn't does doesn't for from had has have in into is isn't it its no not of on only or than that
the then there this to too until was were when where which while will with without won't
abort aborted above accept accepted access address addresses after agent all allocate allocated allocation already answer answered any argument
arguments array assertion async attempt attempts attempting authentication available await away back bad badly becomes before began begin below bind
binding body boundary broken buffer bytes cache called cannot cert certificate certificates chain chunk class cleared client clock close closed code column commit compiled
compiling config configuration connect connected connecting connection connections constraint content control corrupt corrupted could crashed credentials
current daemon damaged data database date db dead deadline defined denied dependency depth descriptor descriptors device dict directory disabled disk
dns domain done down driver duplicate during each eai empty enabled end ended entry enough environment error errors event exceeded exception exec
exhausted exist exists exit exited expected expired expires export exported extension fail failed failing fails failure fatal fd field file files
filesystem first flag flow folder forbidden format found frames free full function gateway gc get getaddrinfo given greater growth handle handler hang header headers
health heap heartbeat high host hostname http https idle image import imported incident incomplete indentation index init initialize inner
inode inodes input instance integer internal interval invalid invocation issuer iterable item javascript job journal json key keys known language large last late
leak left length less level library limit limits line link list listen listener listening load loaded loading local locally lock locked log long loop low lower main
malformed map mapping mark max maximum memory message method migration min missing mode model module modules mutator name named native near negative nested network new
next node non nor null number object old once one only open opened opening operation option options other out overflow overlap overloaded owner package packages page
parent parse parsed parsing path peer pending permission permitted phase pid pipe plain pointer policy pool port position possible preflight premature private process
processes program promise properties property protocol provider proxy query queue quota range rate reached read reading ready reason received record recursive ref refused
rejected rejection released remote repair report request requests require required reserve reset resolve resolved resource response result retry retrying return returned root
route rows run running runs scavenge schema script seconds section segmentation self send sent server service session set settings short shutdown side signal signature signed silent since
size slow socket space specified stack stale stalled start started starting state statement status step still stopped storage stream string stuck such supervisor support
supported suspended symbol syntax syscall system table task temporarily terminated thread threw thrown time timed timeout times tls token tokens took total trace transaction
tried truncated type unable unauthorized unavailable uncaught undefined under unexpected unhandled unique unknown unreachable unreadable unresolved unsupported untrusted up usable user using valid value values
variable verify version virtual wait waited waiting wal warn warning watchdog went were while worker write writing written wrong yaml yet zero
against blocked find held hit inserted mib mb ms kib others reported row second seen slots starts third use version warned
`

const listed = (text: string) => text.split(/\s+/).filter(Boolean)

/** Codes, exactly as written. */
export const CODES: ReadonlySet<string> = new Set(listed(CODE_LIST))

/** Names of error classes, exactly as written. */
export const ERROR_NAMES: ReadonlySet<string> = new Set(listed(ERROR_NAME_LIST))

/** Plain words, in lower case. */
export const WORDS: ReadonlySet<string> = new Set(listed(WORD_LIST))
