/** Words that name a secret, in English and Korean: `DB_PASSWORD`, `apiKey`, `accessToken`, `비밀번호`. */

const KEY_OF = [
  'api|app|application|access|private|secret|signing|signature|encryption|decryption|master|auth|account|shared|client|service|ssh',
  'license|admin|deploy|webhook|consumer|storage|subscription|security|session|hmac|jwt|bot|server|root|cipher|crypt|functions?',
].join('|')

/** Whatever follows such a word is a secret. */
const STRONG = [
  'pass(?:word|wd|wort|phrase|code)s?|(?<![a-z]|[a-z]-)pass|(?:db|user|admin|root|smtp|mail|ftp|redis|mysql|pg|http|proxy|login|require|master|key|store|trust)[-_]?pass|pwd|(?<![a-z0-9])pw|secrets?',
  `(?:${KEY_OF})[-_. ]?keys?|(?<![a-z])credentials?|(?:connection|conn)[-_ ]?string|(?<![a-z])dsn`,
  '(?<![a-z])(?:otp|totp|mfa|cvv|cvc)(?:[-_]?code)?|pin[-_]?code|mnemonic|(?:seed|recovery)[-_ ]?(?:phrase|code)s?|npm_config__auth|secret[-_ ]?key[-_ ]?base',
  '비밀 ?번호|비번|패스 ?워드|암호(?:문구)?|시크릿(?: ?키)?|자격 ?증명|인증 ?(?:키|번호|코드|정보)|복구 ?(?:코드|구문)',
  '(?:api|액세스|접근|비밀|개인|보안|서명|접속|암호화|서비스|마스터|비공개|라이선스) ?키',
].join('|')

/** What follows such a word is a secret where it looks like one: `token` stands in many sentences. */
const WEAK = [
  'tokens?|(?<![a-z])auth(?:entication)?|(?<![a-z])_auth|(?<![a-z])(?:set-)?cookies?|(?<![a-z])jwt|bearer',
  'phpsessid|jsessionid|connect\\.sid|asp\\.net_sessionid|(?:session|csrf|xsrf)[-_]?(?:token|cookie)|토큰',
].join('|')

const ENDINGS = [
  '\\d{1,3}|hash(?:ed)?|value|text|string|base64|b64|hex|plain(?:text)?|raw|old|new|current|previous|next|backup|prod(?:uction)?|dev|staging',
  'test|live|primary|secondary|default|confirm(?:ation)?|again|repeat',
].join('|')

const NAMES = `(?:(${STRONG})|(${WEAK}))(?:[-_]?(?:${ENDINGS}))?`

/** How such names end: a few plain words, so that a long text is searched quickly. What stands before them is looked at afterwards. */
const STEMS = [
  'pass(?:word|wd|wort|phrase|code)?s?|pwd|pw|secrets?|keys?|credentials?|string|dsn|t?otp|mfa|cv[vc]|code|mnemonic|phrase|codes|key[-_ ]?base',
  'tokens?|auth(?:entication)?|(?:set-)?cookies?|jwt|bearer|phpsessid|jsessionid|connect\\.sid|sessionid',
  '비밀 ?번호|비번|워드|암호(?:문구)?|시크릿|증명|인증 ?(?:번호|코드|정보)|복구 ?(?:코드|구문)|키|토큰',
].join('|')

/** Finds the ends of what may be such a name; {@link nameBefore} tells. Global: set `lastIndex` first. */
export function stemPattern(): RegExp {
  return new RegExp(`(?:${STEMS})(?:[-_]?(?:${ENDINGS}))?(?![A-Za-z0-9_-])`, 'gi')
}

const AT_END = new RegExp(`${NAMES}$`, 'i')
const LONGEST_NAME = 48

/** A name that says that its value is secret. `isStrong`: whatever the value looks like. */
export type SecretName = { readonly name: string; readonly isStrong: boolean }

/** The name that ends at `end`; undefined where what stands there says nothing of the kind. */
export function nameBefore(text: string, end: number): SecretName | undefined {
  const found = AT_END.exec(text.slice(Math.max(0, end - LONGEST_NAME), end))
  return found ? { name: found[0], isStrong: found[1] !== undefined } : undefined
}
