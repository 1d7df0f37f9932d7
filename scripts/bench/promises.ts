/** PURE: what was promised, and which series of which bench shows whether it is kept. */

/** One line of the first table. */
export type Headline = {
  readonly title: string
  readonly bench: string
  readonly figure: string
  /** Kept when p95 is not above it; null where nothing was promised. */
  readonly target: number | null
}

/** In the order of the fault matrix. */
export const HEADLINES: readonly Headline[] = [
  { title: 'SIGKILL of the agent → ready', bench: 'sigkill', figure: 'ready', target: 600 },
  { title: 'SIGSTOP of the agent → the same process answers', bench: 'sigstop', figure: 'ready', target: 3_000 },
  { title: 'SIGSTOP that SIGCONT does not help → ready', bench: 'sigstop-again', figure: 'ready', target: 3_000 },
  { title: 'event loop blocked for ever → ready', bench: 'blocked-loop', figure: 'ready', target: 3_000 },
  { title: 'broken settings → known good ones, ready', bench: 'settings-broken', figure: 'ready', target: 2_000 },
  {
    title: 'late crash loop: most starts in a minute',
    bench: 'crash-loop-late',
    figure: 'startsPerMinute',
    target: 10,
  },
  { title: 'PM2 killed: longest time without service', bench: 'supervisor-killed', figure: 'down', target: 1_000 },
  { title: 'SIGTERM of PM2 → all back', bench: 'supervisor-terminated', figure: 'ready', target: 3_000 },
  {
    title: 'SIGTERM of PM2: longest time without service',
    bench: 'supervisor-terminated',
    figure: 'down',
    target: 3_000,
  },
  { title: 'systemd: reboot → all ready', bench: 'service', figure: 'reboot', target: 5_000 },
  {
    title: 'systemd: agent, watchdog and PM2 killed → all ready',
    bench: 'service',
    figure: 'threeKilled',
    target: 5_000,
  },
  { title: 'systemd: everything hangs → all ready', bench: 'service', figure: 'hung', target: 35_000 },
  { title: 'systemd: 50 random kills: orphans and duplicates', bench: 'service', figure: 'strangers', target: 0 },
  { title: 'the same: accepted messages lost', bench: 'service', figure: 'lost', target: 0 },
  { title: 'update: time without service', bench: 'update', figure: 'update', target: 3_000 },
  { title: 'bad version that ends, taken back: the same', bench: 'update', figure: 'failedForm', target: 3_000 },
  { title: 'bad version that hangs, taken back: the same', bench: 'update', figure: 'hungForm', target: 3_000 },
  { title: 'systemd: update: the same', bench: 'service-update', figure: 'update', target: 3_000 },
  {
    title: 'systemd: bad version taken back: the same',
    bench: 'service-update',
    figure: 'failedUpdate',
    target: 3_000,
  },
  { title: 'idle: CPU of all processes together', bench: 'idle', figure: 'cpuAll', target: 1 },
  { title: 'idle: memory of all processes together (PSS)', bench: 'idle', figure: 'pssAll', target: 260 },
  { title: '`npm start` in a new home, the whole command', bench: 'start', figure: 'startNew', target: 3_000 },
  { title: 'agent start → ready', bench: 'restart', figure: 'ownStart', target: 500 },
  { title: '10 min CPU stress and slow disk: false restarts', bench: 'load', figure: 'restarts', target: 0 },
  { title: '10 min CPU stress and slow disk: incidents', bench: 'load', figure: 'incidents', target: 0 },
  { title: 'first turn of the agent, a second after ready', bench: 'turns', figure: 'first', target: 100 },
  { title: 'first turn, sent at the moment of ready', bench: 'turns', figure: 'firstAtOnce', target: null },
  { title: 'warm turn of the agent, journal, gates and budget on', bench: 'turns', figure: 'warm', target: 15 },
  { title: 'its median', bench: 'turns', figure: 'warmMedian', target: 5 },
  { title: 'time for a turn, 64 sessions at once (300 a second)', bench: 'turns', figure: 'perTurn', target: 3.33 },
  { title: 'memory of the agent at ready (PSS)', bench: 'turns', figure: 'atReady', target: 120 },
  { title: 'memory with 1000 idle sessions (PSS)', bench: 'turns', figure: 'idle', target: 250 },
  { title: 'growth of the memory over 10000 turns', bench: 'turns', figure: 'growth', target: 30 },
  { title: 'base prompt, tokens', bench: 'turns', figure: 'prompt', target: 2_500 },
  {
    title: '1000 runs after SIGKILL: start → all claimed and going on',
    bench: 'turns',
    figure: 'resumed',
    target: 2_000,
  },
  { title: 'the same: all finished', bench: 'turns', figure: 'finished', target: null },
  { title: 'sandboxed tool call, cold', bench: 'sandbox', figure: 'cold', target: 100 },
  { title: 'sandboxed tool call, warm', bench: 'sandbox', figure: 'warm', target: 15 },
  { title: 'canaries of one session seen in another', bench: 'sandbox', figure: 'crossed', target: 0 },
  { title: '200 runs, a kill each 200 ms: runs lost', bench: 'chaos', figure: 'lost', target: 0 },
  { title: 'the same: unsafe calls repeated', bench: 'chaos', figure: 'unsafe', target: 0 },
  { title: 'the same: keyed effects not exactly once', bench: 'chaos', figure: 'keyed', target: 0 },
  { title: '10000 due moments, a kill each second: missed', bench: 'slots', figure: 'missed', target: 0 },
  { title: 'the same: doubled', bench: 'slots', figure: 'doubled', target: 0 },
  { title: 'dashboard: first paint, empty cache', bench: 'dashboard-page', figure: 'firstPaint', target: 500 },
  { title: 'dashboard: all scripts, brotli', bench: 'dashboard-page', figure: 'scripts', target: 120 },
  {
    title: 'dashboard: median update of a chart, 2 × 3600 points',
    bench: 'dashboard-page',
    figure: 'chartMedian',
    target: 4,
  },
  { title: 'dashboard: first screen, 90 days of data', bench: 'dashboard-data', figure: 'overview', target: 20 },
  { title: 'dashboard: CPU of 50 open tabs', bench: 'dashboard-page', figure: 'tabsCpu', target: 5 },
  { title: 'dashboard: memory of 50 open tabs', bench: 'dashboard-page', figure: 'tabsMemory', target: 60 },
  { title: 'dashboard: incident → shown in the page', bench: 'dashboard-page', figure: 'incidentShown', target: 2_000 },
  { title: 'dashboard: healed → shown in the page', bench: 'dashboard-page', figure: 'incidentHealed', target: 2_000 },
  { title: 'an hour of it: false restarts', bench: 'soak', figure: 'restarts', target: 0 },
  {
    title: 'recoveries of a healthy ring with alarming logs: actions',
    bench: 'no-fault',
    figure: 'actions',
    target: 0,
  },
  { title: 'redaction: secrets of the corpus missed', bench: 'redaction', figure: 'missed', target: 0 },
  { title: 'redaction: clean lines of the corpus changed', bench: 'redaction', figure: 'changed', target: 0 },
  { title: 'evidence from 10 MB of log', bench: 'evidence', figure: 'lines', target: 300 },
  { title: 'evidence from 10 MB without a line end', bench: 'evidence', figure: 'line', target: 300 },
  { title: 'an hour of it: incidents', bench: 'soak', figure: 'incidents', target: 0 },
]
