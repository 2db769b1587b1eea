-- How DuckDB stores events. People query the view `events`; the tables behind it are the engine's own.
-- Texts that repeat are codes into small tables, and short ids the 128 bits of a UUID: 0.4 µs a row
-- instead of 1.6 (docs/decisions/0002 and 0006).
-- No primary keys and no indexes: duplicates are separated before they get here, and DuckDB's indexes
-- made checkpoints of large tables fail.

-- Of what follows; DuckDbWriter opens no other. A change of the tables is another version.
CREATE TABLE IF NOT EXISTS schema_version (version UINTEGER NOT NULL);
INSERT INTO schema_version SELECT 4 WHERE NOT EXISTS (FROM schema_version);

-- Tells this file from another, for what is derived from its codes and kept elsewhere. The row drawn
-- last counts.
CREATE TABLE IF NOT EXISTS database_identity (
    drawn UBIGINT NOT NULL,                   -- from 0
    id    UUID    NOT NULL
);
INSERT INTO database_identity SELECT count(*), uuid() FROM database_identity HAVING count(*) = 0;

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
CREATE TABLE IF NOT EXISTS properties  (code UINTEGER NOT NULL, name VARCHAR NOT NULL);  -- some

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
    session_id   UUID,                        -- packed (src/database/packed_text.h)
    order_id     UUID,                        -- packed
    properties   UINTEGER,                    -- a code, of those that repeat
    texts        VARCHAR[],                   -- what of these three is no number: '' where it is one
    quantity     BIGINT,
    amount       DECIMAL(18, 4),
    "timestamp"  TIMESTAMP NOT NULL,          -- UTC
    received_at  TIMESTAMP NOT NULL,          -- UTC
    payload_hash USMALLINT NOT NULL           -- tells a resend from a conflict
);

-- The text that was packed; its forms are those of packed_text.h: a UUID is itself, "s-" and hex digits
-- are read off, letters are those of base64url.
CREATE OR REPLACE MACRO unpacked(id) AS
CASE
    WHEN substr(id::VARCHAR, 20, 1) >= '8' THEN id::VARCHAR
    WHEN substr(id::VARCHAR, 20, 1) = '2' THEN
        decode(unhex(substr(replace(id::VARCHAR, '-', ''), 4, 2 * substr(id::VARCHAR, 1, 1)::INTEGER)))
        || right(
            substr(replace(id::VARCHAR, '-', ''), 4, 13)
                || substr(replace(id::VARCHAR, '-', ''), 18, 15),
            16 * substr(id::VARCHAR, 2, 1)::INTEGER
                + instr('123456789abcdef', substr(id::VARCHAR, 3, 1)))
    ELSE right(
        translate(
            to_base64(unhex(substr(replace(id::VARCHAR, '-', ''), 2, 15)
                || substr(replace(id::VARCHAR, '-', ''), 18, 15))),
            '+/', '-_'),
        instr('123456789abcdef', substr(id::VARCHAR, 1, 1))
            + 16 * instr('1', substr(id::VARCHAR, 20, 1)))
END;

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
    window_us  BIGINT,                        -- conversion window; NULL: unlimited
    currency   VARCHAR NOT NULL               -- of amounts that came without one
);
INSERT INTO report_parameters
SELECT 'storefront', NULL, NULL, false, NULL, NULL, NULL, 604800000000, 'INR'
WHERE NOT EXISTS (FROM report_parameters);

-- When the report is made, which decides whose conversion window has ended. NULL: now.
CREATE TABLE IF NOT EXISTS report_clock (now_time TIMESTAMP);  -- UTC
INSERT INTO report_clock SELECT NULL WHERE NOT EXISTS (FROM report_clock);

CREATE OR REPLACE VIEW events AS
SELECT
    e.event_id,
    CASE WHEN NOT p.anonymous THEN p.id END AS user_id,
    a.id                                    AS anonymous_id,
    t.name                                  AS event_type,
    e."timestamp",
    c.name                                  AS city,
    coalesce(unpacked(e.session_id), nullif(e.texts[1], '')) AS session_id,
    d.name                                  AS device,
    ch.name                                 AS channel,
    pr.name                                 AS product_id,
    ca.name                                 AS category,
    coalesce(unpacked(e.order_id), nullif(e.texts[2], '')) AS order_id,
    cu.name                                 AS currency,
    e.quantity,
    e.amount,
    coalesce(po.name, nullif(e.texts[3], '')) AS properties,
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
LEFT JOIN currencies cu  ON cu.code = e.currency
LEFT JOIN properties po  ON po.code = e.properties;

-- What the reports count, step by step from the tables above. They answer what report_parameters asks
-- for; docs/reports.md says what it means.

-- The stages of the journey.
CREATE OR REPLACE VIEW journey_steps AS
SELECT
    s.position,
    s.stage,
    s.optional,
    max(s.position) FILTER (NOT s.optional) OVER (
        ORDER BY s.position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous                             -- the required stage before; NULL: there is none
FROM journey_stages s
JOIN report_parameters USING (journey);

-- The events of its stages.
CREATE OR REPLACE VIEW journey_events AS
SELECT
    e.person,
    j.position,
    e."timestamp",
    coalesce(e."timestamp" >= p.from_time, true)
        AND coalesce(e."timestamp" < p.to_time, true) AS in_period,
    e.event_id,
    e.city,
    e.device,
    e.channel,
    e.product,
    e.order_id,
    nullif(e.texts[2], '') AS order_text,
    e.currency,
    e.amount
FROM stored_events e
JOIN event_types t         ON t.code = e.event_type
JOIN journey_event_types j ON j.event_type = t.name
JOIN report_parameters p   ON p.journey = j.journey;

-- The persons in scope and their attributes. An attribute is the first known value in the period, else the
-- first known one at all, by (timestamp, event_id): first the instant is found, then the event.
CREATE OR REPLACE VIEW persons_in_scope AS
WITH known AS (
    SELECT
        e.person,
        e.event_id,
        e.in_period,
        e."timestamp",
        -- Events in the period come before all others.
        epoch_us(e."timestamp") + ((NOT e.in_period)::BIGINT << 61) AS place,
        c.code  AS city,
        d.code  AS device,
        ch.code AS channel
    FROM journey_events e
    LEFT JOIN cities c    ON c.code = e.city     AND c.name NOT IN ('', 'unknown')
    LEFT JOIN devices d   ON d.code = e.device   AND d.name NOT IN ('', 'unknown')
    LEFT JOIN channels ch ON ch.code = e.channel AND ch.name NOT IN ('', 'unknown')
),
places AS (
    SELECT
        person,
        min("timestamp")                             AS first_seen,
        min(place)                              AS first_place,
        min(place) FILTER (city IS NOT NULL)    AS city_place,
        min(place) FILTER (device IS NOT NULL)  AS device_place,
        min(place) FILTER (channel IS NOT NULL) AS channel_place
    FROM known
    GROUP BY person
    HAVING bool_or(in_period)
),
persons AS (
    SELECT
        p.person,
        any_value(p.first_seen) AS first_seen,
        arg_min(k.city, k.event_id)    FILTER (k.place = p.city_place AND k.city IS NOT NULL) AS city,
        arg_min(k.device, k.event_id)  FILTER (k.place = p.device_place AND k.device IS NOT NULL)
            AS device,
        arg_min(k.channel, k.event_id) FILTER (k.place = p.channel_place AND k.channel IS NOT NULL)
            AS channel
    FROM places p
    JOIN known k ON k.person = p.person
    WHERE k.place IN (p.first_place, p.city_place, p.device_place, p.channel_place)
    GROUP BY p.person
),
named AS (
    SELECT
        person,
        first_seen,
        coalesce(c.name, 'unknown')  AS city,
        coalesce(d.name, 'unknown')  AS device,
        coalesce(ch.name, 'unknown') AS channel
    FROM persons
    LEFT JOIN cities c    ON c.code = persons.city
    LEFT JOIN devices d   ON d.code = persons.device
    LEFT JOIN channels ch ON ch.code = persons.channel
)
SELECT n.person, n.city, n.device, n.channel
FROM named n, report_parameters p
WHERE (NOT p.new_users OR n.first_seen >= coalesce(p.from_time, n.first_seen))
  AND n.city = coalesce(p.city, n.city)
  AND n.device = coalesce(p.device, n.device)
  AND n.channel = coalesce(p.channel, n.channel);

-- When each person first had done a stage in order: the required stages one after the other from a
-- first one in the period, all within the conversion window. An optional stage hangs off the required
-- one before it. `chains` holds every event that ends such a chain, with the latest start it can have;
-- each round takes the chains of one required stage to the events that may follow it.
CREATE OR REPLACE VIEW steps_in_order AS
WITH RECURSIVE
stage_events AS MATERIALIZED (
    SELECT e.person, e.position, s.optional, s.previous, epoch_us(e."timestamp") AS at_us, e.in_period
    FROM journey_events e
    JOIN journey_steps s USING (position)
),
chains AS (
    SELECT person, position, optional, at_us, at_us AS start_us
    FROM stage_events
    WHERE previous IS NULL AND in_period
  UNION ALL
    SELECT person, position, optional, at_us, start_us
    FROM (
        SELECT
            person, position, optional, at_us, follows,
            max(start_us) OVER (        -- at the same instant the chain comes before what follows it
                PARTITION BY person ORDER BY at_us, follows ROWS UNBOUNDED PRECEDING
            ) AS start_us
        FROM (
            SELECT person, position, optional, at_us, start_us, false AS follows
            FROM chains
            WHERE NOT optional
          UNION ALL
            SELECT person, position, optional, at_us, NULL, true
            FROM stage_events
            WHERE previous = (SELECT max(position) FROM chains WHERE NOT optional)
              AND person IN (SELECT person FROM chains)
        )
    )
    WHERE follows
      AND at_us - start_us
          <= coalesce((SELECT window_us FROM report_parameters), at_us - start_us)
)
SELECT person, position, min(at_us) AS reached_at_us
FROM chains
GROUP BY person, position;

-- The events in the period that belong to no stage of the journey.
CREATE OR REPLACE VIEW events_outside_journey AS
SELECT count(DISTINCT e.event_type) AS event_types, count(*) AS events
FROM stored_events e
JOIN event_types t ON t.code = e.event_type
CROSS JOIN report_parameters p
WHERE NOT EXISTS (
        FROM journey_event_types j
        WHERE j.journey = p.journey AND j.event_type = t.name
    )
  AND e."timestamp" >= coalesce(p.from_time, e."timestamp")
  AND coalesce(e."timestamp" < p.to_time, true);
