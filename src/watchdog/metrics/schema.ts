/**
 * The tables of the measurements. `id` is the order of writing: rows are dropped by it, so that a clock that jumps can neither fill the tables
 * nor empty them. See `src/shared/metrics/tiers.ts` for what stands in them.
 */
export const METRICS_SCHEMA: string = `${blocks('metric_seconds')}
${blocks('metric_minutes')}
${blocks('metric_hours')}
${health('health_minutes')}
${health('health_hours')}`

function blocks(table: string): string {
  return `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, series TEXT NOT NULL, block INTEGER NOT NULL, buckets BLOB NOT NULL,
    UNIQUE (series, block)) STRICT;`
}

function health(table: string): string {
  return `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, at INTEGER NOT NULL UNIQUE, up INTEGER NOT NULL, degraded INTEGER NOT NULL,
    down INTEGER NOT NULL, maintenance INTEGER NOT NULL, stopped INTEGER NOT NULL) STRICT;`
}
