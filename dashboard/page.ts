/** Pages without a script: the one to sign in by a link, and a small one for where the whole page was not built. */
import { createHash } from 'node:crypto'
import type { Response } from 'express'
import { formatDuration } from '../src/shared/durationWords.ts'
import type { Incident } from '../src/shared/incident.ts'
import type { Language } from '../src/shared/messages/message.ts'
import { text } from '../src/shared/messages/text.ts'
import type { Status } from '../src/shared/status.ts'
import type { Overview } from './contract.ts'
import { html, type Markup } from './html.ts'

/** How often the page asks for itself again, in seconds. */
const REFRESH_SEC = 5

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
td, li { overflow-wrap: anywhere; }
footer { margin-top: 2rem; opacity: .7; }
`

/** What these pages may load: nothing but their own style. No script, no frame, no form. */
const POLICY: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** What the small page shows. */
export type SmallPage = {
  readonly language: Language
  readonly overview: Overview
  /** What the dashboard has to say about itself. */
  readonly notes: readonly string[]
}

/** The small page, where the whole one was not built: one sentence, what is not well, where everything runs, the last incidents. */
export function smallPage({ language, overview, notes }: SmallPage): string {
  const { status, sentence, incidents, unknown, asOf } = overview
  const build = text(language, 'dashboardServer.notBuilt', { command: 'npm run build' })
  const lines = [...notes, ...warnings(language, overview)]
  return document(
    language,
    html`<meta http-equiv="refresh" content="${REFRESH_SEC}">`,
    html`<h1>${shapeOf(status)} ${sentence}</h1>
${lines.length > 0 ? html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` : []}
<h2>${text(language, 'dashboard.processes')}</h2>
<table>${processRows(language, status)}</table>
<h2>${text(language, 'dashboard.incidents')}</h2>
${unknown.length > 0 && incidents.length === 0 ? html`<p>–</p>` : incidentList(language, incidents)}
<footer>${text(language, 'dashboard.refreshed', { at: formatTime(Date.parse(asOf)), seconds: REFRESH_SEC })} ${build}</footer>`,
  )
}

/** Answers with one of these pages. */
export function sendPage(response: Response, status: number, page: string): void {
  response.status(status).set('Content-Security-Policy', POLICY).type('html').send(page)
}

/** What somebody sees who is not signed in. */
export function signInPage(language: Language, howTo: string, why?: 'codeUsed' | 'tooMany'): string {
  return document(
    language,
    [],
    html`<h1>${text(language, 'dashboard.signInTitle')}</h1>
${why ? html`<p role="alert">${text(language, `dashboard.${why}`)}</p>` : []}
<p>${howTo}</p>`,
  )
}

function document(language: Language, head: Markup | readonly Markup[], body: Markup): string {
  // The style is our own constant; escaping it would change its hash.
  const style: Markup = { markup: `<style>${STYLE}</style>` }
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Ottugi</title>${head}${style}</head>
<body><main>${body}</main></body></html>
`.markup
}

function shapeOf({ state, agent }: Status): string {
  if (state === 'healthy') return agent.degraded.length > 0 ? '◐' : '●'
  return state === 'stopped' ? '○' : '▲'
}

function warnings(language: Language, { status, unknown }: Overview): string[] {
  const { safeMode, agent } = status
  const reasons = [...status.unknown, ...unknown.map(({ what, why }) => `${what}: ${why}`)]
  return [
    ...(safeMode ? [text(language, 'status.safeMode', safeMode)] : []),
    ...agent.degraded.map((reason) => text(language, 'status.degraded', { reason })),
    ...reasons.map((reason) => text(language, 'status.unreadable', { reason })),
  ]
}

function processRows(language: Language, { agent, watchdog, dashboard, supervisor, spend }: Status): Markup[] {
  const row = (label: string, pid: number | null, more: string) =>
    html`<tr><th scope="row">${label}</th><td>${pid === null ? text(language, 'status.notRunning') : `pid ${pid}`}</td><td>${more}</td></tr>`
  const spent = { spent: spend.todayUsd.toFixed(2), limit: spend.limitUsd?.toFixed(2) ?? '–' }
  return [
    row(text(language, 'status.agent'), agent.pid, agent.url ?? ''),
    row(text(language, 'status.watchdog'), watchdog.pid, ''),
    row(text(language, 'status.dashboard'), dashboard.pid, dashboard.url ?? ''),
    row(text(language, 'status.supervisor'), supervisor.pid, supervisor.kind),
    html`<tr><th scope="row">${text(language, 'status.spend')}</th><td colspan="2">${text(language, 'status.spentOf', spent)}</td></tr>`,
  ]
}

function incidentList(language: Language, incidents: readonly Incident[]): Markup {
  if (incidents.length === 0) return html`<p>${text(language, 'incidents.none')}</p>`
  return html`<ul>${incidents.map((incident) => html`<li>${incidentStory(language, incident)}</li>`)}</ul>`
}

function incidentStory(language: Language, incident: Incident): string {
  return text(language, 'incidents.story', {
    id: incident.id,
    at: formatTime(Date.parse(incident.openedAt)),
    fault: incident.fault,
    symptom: incident.symptom,
    detect: formatDuration(incident.detectMs, language),
    outcome: text(language, `outcome.${incident.outcome}`),
    tier: text(language, `tier.${incident.tier}`),
    down: formatDuration(incident.downMs, language),
  })
}

function formatTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
