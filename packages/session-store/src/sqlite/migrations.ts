/**
 * Each step takes the tables from the version of its index to the next; `user_version` counts the steps taken. A
 * released step is never edited. Times are RFC 3339 UTC with milliseconds, so text order is time order.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE sessions (
    position    INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    revision    INTEGER NOT NULL,
    major       INTEGER NOT NULL,
    due_at      TEXT,
    lease_owner TEXT,
    lease_until TEXT,
    record      TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sessions_due ON sessions (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE session_keys (
    key        TEXT PRIMARY KEY,
    session_id TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE parked (
    key        TEXT NOT NULL,
    report_id  TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    report     TEXT NOT NULL,
    PRIMARY KEY (key, report_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX parked_expiry ON parked (expires_at);

  CREATE TABLE remembered (
    name       TEXT PRIMARY KEY,
    expires_at TEXT NOT NULL,
    value      TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX remembered_expiry ON remembered (expires_at);
  `,
  `
  CREATE INDEX sessions_unfinished ON sessions (position) WHERE due_at IS NOT NULL;
  `,
];
