/** What the schedule adds to `agent.db`: jobs, and the due moments that were claimed for them. A step of the migrations. */
export const SCHEDULE_TABLES: string = `
  CREATE TABLE jobs (
    id           TEXT PRIMARY KEY,
    data         TEXT NOT NULL,
    paused       INTEGER NOT NULL,
    cursor_ms    BIGINT NOT NULL,
    next_ms      BIGINT,
    event_cursor TEXT NOT NULL,
    token_hash   TEXT NOT NULL,
    created_ms   BIGINT NOT NULL
  );
  CREATE TABLE slots (
    id       TEXT PRIMARY KEY,
    job      TEXT NOT NULL,
    run      TEXT NOT NULL,
    due_ms   BIGINT NOT NULL,
    start_ms BIGINT NOT NULL,
    state    TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    payload  TEXT NOT NULL
  );
  CREATE INDEX slots_state ON slots (state, start_ms);
  CREATE INDEX slots_job ON slots (job, due_ms);
  CREATE INDEX slots_job_state ON slots (job, state);`
