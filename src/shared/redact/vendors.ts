/** Finds tokens by the form that their makers gave them. Each form was written from what the maker documents. */
import type { Finder } from './span.ts'

type Vendor = { readonly kind: string; readonly form: string }

const HEX = '[0-9a-f]'
const WORD = '[A-Za-z0-9_-]'
const ALNUM = '[A-Za-z0-9]'

/** In the order in which they are tried at one place. */
const VENDORS: readonly Vendor[] = [
  { kind: 'anthropic', form: `sk-ant-[a-z0-9]{2,16}-${WORD}{16,}` },
  { kind: 'openrouter', form: `sk-or-v\\d-${HEX}{32,}` },
  { kind: 'openai', form: `sk-(?:proj|svcacct|admin|service)-${WORD}{20,}|sk-${ALNUM}{20,}|sess-${ALNUM}{32,}` },
  { kind: 'ottugi', form: `ott_(?:read|chat|approve|admin)_${WORD}{20,}` },
  { kind: 'github', form: `gh[opsur]_${ALNUM}{20,255}|github_pat_[A-Za-z0-9_]{22,255}` },
  { kind: 'gitlab', form: `gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-${WORD}{16,}|GR1348941${WORD}{16,}` },
  { kind: 'slack', form: `xox[abceoprs](?:\\.xox[abp])?-${WORD}{10,}|xapp-\\d-[A-Za-z0-9-]{10,}` },
  { kind: 'slack', form: 'https://hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{16,}' },
  {
    kind: 'discord',
    form: `https://(?:\\w{1,10}\\.)?discord(?:app)?\\.com/api/(?:v\\d{1,2}/)?webhooks/\\d{10,22}/${WORD}{40,}`,
  },
  { kind: 'discord', form: `[MNO]${WORD}{23,27}\\.${WORD}{6}\\.${WORD}{27,}` },
  { kind: 'teams', form: 'https://[a-z0-9-]{1,63}\\.webhook\\.office\\.com/webhookb2/[A-Za-z0-9@/_-]{30,}' },
  { kind: 'telegram', form: `(?:bot)?\\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])` },
  { kind: 'stripe', form: `(?:sk|rk)_(?:live|test)_${ALNUM}{10,}|whsec_[A-Za-z0-9+/=]{16,}` },
  { kind: 'toss', form: `(?:live|test)_g?sk_${ALNUM}{20,}` },
  { kind: 'aws', form: `(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])|ABSK[A-Za-z0-9+/=]{40,}` },
  { kind: 'google', form: `AIza${WORD}{35}|ya29\\.${WORD}{20,}|GOCSPX-${WORD}{20,}|1//0${WORD}{30,}` },
  { kind: 'azure', form: `${ALNUM}{3}\\dQ~[A-Za-z0-9_.~-]{31,34}` },
  { kind: 'npm', form: `npm_${ALNUM}{36,}` },
  { kind: 'pypi', form: `pypi-Ag${WORD}{40,}` },
  { kind: 'rubygems', form: `rubygems_${HEX}{48}` },
  { kind: 'docker', form: `dckr_(?:pat|oat)_${WORD}{20,}` },
  { kind: 'sendgrid', form: `SG\\.${WORD}{16,32}\\.${WORD}{32,64}` },
  { kind: 'mailgun', form: `key-${HEX}{32}(?![A-Za-z0-9])` },
  { kind: 'mailchimp', form: `${HEX}{32}-us\\d{1,2}(?!\\d)` },
  { kind: 'resend', form: `re_${ALNUM}{8}_${ALNUM}{20,}` },
  { kind: 'twilio', form: `SK${HEX}{32}(?![A-Za-z0-9])` },
  { kind: 'huggingface', form: `(?:hf|api_org)_[A-Za-z]{30,}` },
  { kind: 'groq', form: `gsk_${ALNUM}{40,}` },
  { kind: 'xai', form: `xai-${ALNUM}{60,}` },
  { kind: 'perplexity', form: `pplx-${ALNUM}{40,}` },
  { kind: 'replicate', form: `r8_${ALNUM}{35,}` },
  { kind: 'nvidia', form: `nvapi-${WORD}{50,}` },
  { kind: 'digitalocean', form: `do[opr]_v1_${HEX}{64}` },
  { kind: 'shopify', form: `shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}` },
  { kind: 'square', form: `sq0[a-z]{3}-${WORD}{22,}` },
  { kind: 'vault', form: `hv[bsr]\\.${WORD}{24,}` },
  { kind: 'terraform', form: `${ALNUM}{14}\\.atlasv1\\.${WORD}{40,}` },
  { kind: 'doppler', form: `dp\\.(?:st|pt|ct|sa|scim|audit)\\.[A-Za-z0-9_.-]{30,}` },
  { kind: 'databricks', form: `dapi${HEX}{32}(?:-\\d)?` },
  { kind: 'grafana', form: `glsa_${ALNUM}{32}_${HEX}{8}|glc_[A-Za-z0-9+/=]{32,}` },
  { kind: 'newrelic', form: 'NRAK-[A-Z0-9]{27}' },
  { kind: 'sentry', form: `sntr(?:ys|yu)_[A-Za-z0-9+/=_-]{32,}` },
  { kind: 'linear', form: `lin_(?:api|oauth)_${ALNUM}{32,}` },
  { kind: 'notion', form: `ntn_${ALNUM}{40,}|secret_${ALNUM}{43}` },
  { kind: 'airtable', form: `pat${ALNUM}{14}\\.${HEX}{64}` },
  { kind: 'postman', form: `PMAK-${HEX}{24}-${HEX}{34}` },
  { kind: 'atlassian', form: 'AT(?:ATT3|CTT3|BB|OA)[A-Za-z0-9_=-]{24,}' },
  { kind: 'figma', form: `fig[dor]_${WORD}{40,}` },
  { kind: 'supabase', form: `sbp_${HEX}{40}|sb_secret_${WORD}{20,}` },
  { kind: 'planetscale', form: `pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,}` },
  { kind: 'fly', form: 'fm[12]_[A-Za-z0-9+/=,_-]{40,}' },
  { kind: 'tailscale', form: `tskey-[a-z]{3,12}-${WORD}{16,}` },
  { kind: 'age', form: 'AGE-SECRET-KEY-1[0-9A-Z]{58}' },
]

/** Before a token stands no letter of it. Telegram's stands in a path behind `bot`. */
const ANY = new RegExp(`(?<![A-Za-z0-9_])(?:${VENDORS.map(({ form }) => `(${form})`).join('|')})`, 'g')

/** The finder of tokens with a known form. */
export const findVendorTokens: Finder = (text, add) => {
  for (const match of text.matchAll(ANY)) {
    const index = match.findIndex((group, at) => at > 0 && group !== undefined)
    const kind = VENDORS[index - 1]?.kind
    if (kind) add({ from: match.index, start: match.index, end: match.index + match[0].length, kind })
  }
}
