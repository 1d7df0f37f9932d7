/** Lines with made-up secrets and lines without any, the same ones each time. What looks like a vendor's token is put together here only. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A line, the letters of it that must be gone, and the kind of mask that is expected. */
export type SecretCase = { readonly line: string; readonly secret: string; readonly kind: string }

const FOLDER = join(import.meta.dirname, 'corpus')
const TURNS = 3
const CLEAN_TURNS = 8

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER = UPPER.toLowerCase()
const DIGITS = '0123456789'
const ALNUM = UPPER + LOWER + DIGITS
const HEX = '0123456789abcdef'

type Random = (below: number) => number

/** Mulberry32 (Tommy Ettinger, public domain): small, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

function letters(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[random(alphabet.length)]).join('')
}

function bytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random(256)))
}

const base64url = (text: string) => Buffer.from(text).toString('base64url')

function jwt(random: Random): string {
  const header = base64url('{"alg":"HS256","typ":"JWT"}')
  const payload = base64url(`{"sub":"${random(1e9)}","iat":1795208463}`)
  return `${header}.${payload}.${bytes(random, 32).toString('base64url')}`
}

/** What stands in the templates for a value. */
const MADE: Readonly<Record<string, (random: Random) => string>> = {
  password: (random) => {
    const word = ['Tiger', 'hunter', 'S3cr', 'qwer', 'Pa$$w', 'corgi-', 'b!rd', 'Zimt_'][random(8)]
    return `${word}${letters(random, DIGITS, 2)}${letters(random, `${ALNUM}!@#%^*_+~?-`, 6)}${letters(random, ALNUM, 1)}`
  },
  password2: (random) => `Other${letters(random, ALNUM, 9)}`,
  urlpass: (random) => `${letters(random, ALNUM, 8)}${letters(random, '!$*_~-', 1)}${letters(random, DIGITS, 2)}%40`,
  token: (random) => letters(random, ALNUM, 31) + letters(random, DIGITS, 1),
  token48: (random) => letters(random, ALNUM, 48),
  base36: (random) => letters(random, LOWER + DIGITS, 40),
  base64: (random) => bytes(random, 40).toString('base64'),
  base64url: (random) => bytes(random, 32).toString('base64url'),
  basic: (random) => Buffer.from(`mina:${letters(random, ALNUM, 12)}`).toString('base64'),
  b64digest: (random) => bytes(random, 64).toString('base64'),
  jwt,
  jwthalf: (random) => jwt(random).split('.').slice(0, 2).join('.'),
  uuid: (random) => {
    const hex = letters(random, HEX, 32)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20)}`
  },
  nix: (random) => letters(random, '0123456789abcdfghijklmnpqrsvwxyz', 32),
  digits: (random) => String(1_000 + random(9_000)),
  ...Object.fromEntries([4, 6, 16, 32, 40, 64].map((n) => [`hex${n}`, (random: Random) => letters(random, HEX, n)])),
}

/** Fills a template; gives the line and the values that were put in. */
function filled(template: string, random: Random): { readonly line: string; readonly values: string[] } {
  const values: string[] = []
  const line = template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = MADE[name]?.(random)
    if (value !== undefined) values.push(value)
    return value ?? whole
  })
  return { line, values }
}

function templatesIn(name: string): string[] {
  return readFileSync(join(FOLDER, name), 'utf8').split('\n').filter(Boolean)
}

/** Tokens in the forms of their makers, from parts: no scanner may take this file for a leak. */
function vendorTokens(random: Random): Readonly<Record<string, string>> {
  const any = (length: number) => letters(random, ALNUM, length)
  const hex = (length: number) => letters(random, HEX, length)
  const digits = (length: number) => letters(random, '123456789', length)
  return {
    anthropic: ['sk', 'ant', 'api03', any(40)].join('-'),
    openai: ['sk', 'proj', any(40)].join('-'),
    openrouter: ['sk', 'or', 'v1', hex(64)].join('-'),
    ottugi: ['ott', 'admin', any(43)].join('_'),
    github: ['ghp', any(36)].join('_'),
    gitlab: ['glpat', any(20)].join('-'),
    slack: ['xoxb', digits(11), digits(12), any(24)].join('-'),
    discord: ['https:/', 'discord.com', 'api', 'webhooks', digits(18), any(60)].join('/'),
    teams: ['https:/', 'shop.webhook.office.com', 'webhookb2', hex(36), 'IncomingWebhook', hex(32)].join('/'),
    telegram: [digits(10), `AA${any(33)}`].join(':'),
    stripe: ['sk', 'live', any(24)].join('_'),
    toss: ['live', 'gsk', any(24)].join('_'),
    aws: `AKI${'A'}${letters(random, UPPER + DIGITS, 16)}`,
    google: `AI${'za'}${any(35)}`,
    npm: ['npm', any(36)].join('_'),
    pypi: ['pypi', `Ag${any(60)}`].join('-'),
    rubygems: ['rubygems', hex(48)].join('_'),
    docker: ['dckr', 'pat', any(27)].join('_'),
    sendgrid: ['SG', any(22), any(43)].join('.'),
    mailgun: ['key', hex(32)].join('-'),
    mailchimp: [hex(32), 'us12'].join('-'),
    twilio: `S${'K'}${hex(32)}`,
    huggingface: ['hf', letters(random, UPPER + LOWER, 34)].join('_'),
    groq: ['gsk', any(52)].join('_'),
    xai: ['xai', any(80)].join('-'),
    perplexity: ['pplx', any(48)].join('-'),
    replicate: ['r8', any(37)].join('_'),
    nvidia: ['nvapi', any(64)].join('-'),
    digitalocean: ['dop', 'v1', hex(64)].join('_'),
    shopify: ['shpat', hex(32)].join('_'),
    square: ['sq0atp', any(22)].join('-'),
    vault: ['hvs', any(40)].join('.'),
    terraform: [any(14), 'atlasv1', any(60)].join('.'),
    doppler: ['dp', 'st', any(40)].join('.'),
    databricks: `dapi${hex(32)}`,
    grafana: ['glsa', any(32), hex(8)].join('_'),
    newrelic: ['NRAK', letters(random, UPPER + DIGITS, 27)].join('-'),
    sentry: ['sntrys', any(60)].join('_'),
    linear: ['lin', 'api', any(40)].join('_'),
    notion: ['ntn', any(44)].join('_'),
    airtable: [`pat${any(14)}`, hex(64)].join('.'),
    postman: ['PMAK', hex(24), hex(34)].join('-'),
    atlassian: `ATA${'TT3'}${any(60)}`,
    figma: ['figd', any(43)].join('_'),
    supabase: ['sbp', hex(40)].join('_'),
    planetscale: ['pscale', 'tkn', any(43)].join('_'),
    fly: ['fm2', any(60)].join('_'),
    tailscale: ['tskey', 'auth', any(24)].join('-'),
    age: ['AGE', 'SECRET', 'KEY', `1${letters(random, UPPER + DIGITS, 58)}`].join('-'),
    azure: `${any(3)}8Q~${any(34)}`,
    resend: ['re', any(8), any(24)].join('_'),
  }
}

const VENDOR_LINES = ['the server refused {} (401)', '{"data":"{}","ok":false}', 'retry with {}, then wait']

function vendorCases(random: Random): SecretCase[] {
  return VENDOR_LINES.flatMap((line) =>
    Object.entries(vendorTokens(random)).map(([kind, secret]) => ({ line: line.replace('{}', secret), secret, kind })),
  )
}

/** Private keys: whole, cut off, in JSON, in one line. */
function pemCases(random: Random): SecretCase[] {
  const lines = Array.from({ length: 12 }, () => bytes(random, 48).toString('base64'))
  return ['RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED ', ''].flatMap((name) => {
    const begin = `-----BEGIN ${name}PRIVATE ${'KEY'}-----`
    const end = `-----END ${name}PRIVATE ${'KEY'}-----`
    const secret = lines[random(11)] ?? ''
    return [
      { line: [begin, ...lines, 'c2hvcnQ=', end].join('\n'), secret, kind: 'pem' },
      { line: [begin, ...lines].join('\n'), secret, kind: 'pem' },
      { line: JSON.stringify({ key: [begin, ...lines, end].join('\n') }), secret, kind: 'pem' },
      { line: `key ${[begin, ...lines, end].join(' ')} loaded`, secret, kind: 'pem' },
    ]
  })
}

/** Values that a redactor must be told, in every shape that they are written in. */
export function knownValues(): string[] {
  const random = randomFrom(7)
  return ['hunter-two', 'p/a+s=s&w?o%r"d\\1', '비밀-값-열여섯', `${letters(random, ALNUM, 24)}`, 'tab\tand space 9']
}

function valueCases(): SecretCase[] {
  return knownValues().flatMap((value) => {
    const raw = Buffer.from(value)
    const half = Math.floor(value.length / 2)
    const shapes = [
      value,
      JSON.stringify(value).slice(1, -1),
      JSON.stringify(JSON.stringify(value)).slice(3, -3),
      encodeURIComponent(value),
      raw.toString('hex'),
      raw.toString('hex').toUpperCase(),
      ...['', 'a', 'ab', 'a:b'].map((before) => Buffer.from(`${before}${value}`).toString('base64')),
      ...['', 'a', 'ab'].map((before) => Buffer.from(`${before}${value}`).toString('base64url')),
      ...['\n', '\r\n', '\\\n', '\n    ', '\\n'].map((gap) => value.slice(0, half) + gap + value.slice(half)),
    ]
    return shapes.flatMap((secret) => [
      { line: `found ${secret} there`, secret, kind: 'value' },
      { line: `<${secret}>`, secret, kind: 'value' },
    ])
  })
}

/** Every line with a secret. Those of the kind `value` are known to a redactor that was made with {@link knownValues}. */
export function secretCases(seed = 1): SecretCase[] {
  const random = randomFrom(seed)
  const written = templatesIn('secretTemplates.txt').flatMap((row) => {
    const [kind = '', template = ''] = row.split('\t')
    return Array.from({ length: TURNS }, () => filled(template, random)).flatMap(({ line, values }) =>
      values.map((secret) => ({ line, secret, kind })),
    )
  })
  return [...written, ...vendorCases(random), ...pemCases(random), ...valueCases()]
}

/** Every line without a secret: what Node, npm, systems, this program and people write. */
export function cleanLines(seed = 2): string[] {
  const random = randomFrom(seed)
  const files = readdirSync(FOLDER).filter((name) => !name.includes('Templates'))
  const made = templatesIn('cleanTemplates.txt').flatMap((template) =>
    Array.from({ length: CLEAN_TURNS }, () => filled(template, random).line),
  )
  return [...files.flatMap(templatesIn), ...made]
}
