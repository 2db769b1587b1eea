-- How DuckDB stores events. People query the view `events`; the tables behind it are the engine's own.
-- Texts that repeat are codes into small tables: 0.4 µs a row instead of 1.6 (docs/decisions/0002).
-- No primary keys and no indexes: duplicates are separated before they get here, and DuckDB's indexes
-- made checkpoints of large tables fail.

CREATE TABLE IF NOT EXISTS identities (       -- persons by user_id, and anonymous ids, apart
    code      UINTEGER NOT NULL,
    anonymous BOOLEAN  NOT NULL,              -- the name space
    id        VARCHAR  NOT NULL
);
CREATE TABLE IF NOT EXISTS event_types (code UINTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS cities      (code UINTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS devices     (code UINTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS channels    (code UINTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS products    (code UINTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS categories  (code UINTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS currencies  (code UINTEGER NOT NULL, name VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS stored_events (
    sequence     UBIGINT   NOT NULL,          -- its place in the order of acceptance
    event_id     UUID      NOT NULL,
    person       UINTEGER  NOT NULL,          -- identities.code of user_id, else of anonymous_id
    anonymous    UINTEGER,                    -- identities.code of anonymous_id
    event_type   UINTEGER  NOT NULL,          -- codes into the tables above; NULL: absent
    city         UINTEGER  NOT NULL,          -- never absent: 'unknown' is a city
    device       UINTEGER,
    channel      UINTEGER,
    product      UINTEGER,
    category     UINTEGER,
    currency     UINTEGER,
    session_id   VARCHAR,
    order_id     VARCHAR,
    quantity     BIGINT,
    amount       DECIMAL(18, 4),
    "timestamp"  TIMESTAMP NOT NULL,          -- UTC
    received_at  TIMESTAMP NOT NULL,          -- UTC
    payload_hash UINTEGER  NOT NULL,          -- tells a resend from a conflict
    properties   VARCHAR                      -- JSON
);

-- One row a commit: the position and what was decided. Inserted, never updated: an UPDATE with a
-- reader open makes CHECKPOINT fail.
CREATE TABLE IF NOT EXISTS commits (
    first_sequence UBIGINT   NOT NULL,
    last_sequence  UBIGINT   NOT NULL,
    committed_at   TIMESTAMP NOT NULL,
    stored         UBIGINT   NOT NULL,
    duplicates     UBIGINT   NOT NULL,
    conflicts      UBIGINT   NOT NULL,
    dead_lettered  UBIGINT   NOT NULL,
    rejected       UBIGINT   NOT NULL,
    without_id     UBIGINT   NOT NULL,
    late           UBIGINT   NOT NULL
);

-- The configured journeys, for SQL to read.
CREATE TABLE IF NOT EXISTS journey_stages (
    journey  VARCHAR NOT NULL,
    position INTEGER NOT NULL,                -- from 1
    stage    VARCHAR NOT NULL,
    optional BOOLEAN NOT NULL
);
CREATE TABLE IF NOT EXISTS journey_event_types (
    journey    VARCHAR NOT NULL,
    position   INTEGER NOT NULL,
    event_type VARCHAR NOT NULL
);

-- What a report is asked for: one row; these are the defaults. A report puts a temporary table of the
-- same name in front of it.
CREATE TABLE IF NOT EXISTS report_parameters (
    journey    VARCHAR NOT NULL,
    from_time  TIMESTAMP,                     -- NULL: no lower end
    to_time    TIMESTAMP,                     -- exclusive; NULL: no upper end
    new_users  BOOLEAN NOT NULL,
    city       VARCHAR,                       -- NULL: all
    device     VARCHAR,
    channel    VARCHAR,
    window_us  BIGINT                         -- conversion window; NULL: unlimited
);
INSERT INTO report_parameters
SELECT 'storefront', NULL, NULL, false, NULL, NULL, NULL, 604800000000
WHERE NOT EXISTS (FROM report_parameters);

CREATE VIEW IF NOT EXISTS events AS
SELECT
    e.event_id,
    CASE WHEN NOT p.anonymous THEN p.id END AS user_id,
    a.id                                    AS anonymous_id,
    t.name                                  AS event_type,
    e."timestamp",
    c.name                                  AS city,
    e.session_id,
    d.name                                  AS device,
    ch.name                                 AS channel,
    pr.name                                 AS product_id,
    ca.name                                 AS category,
    e.order_id,
    cu.name                                 AS currency,
    e.quantity,
    e.amount,
    e.properties,
    e.received_at,
    e.sequence
FROM stored_events e
JOIN identities p        ON p.code = e.person
LEFT JOIN identities a   ON a.code = e.anonymous
JOIN event_types t       ON t.code = e.event_type
JOIN cities c            ON c.code = e.city
LEFT JOIN devices d      ON d.code = e.device
LEFT JOIN channels ch    ON ch.code = e.channel
LEFT JOIN products pr    ON pr.code = e.product
LEFT JOIN categories ca  ON ca.code = e.category
LEFT JOIN currencies cu  ON cu.code = e.currency;
