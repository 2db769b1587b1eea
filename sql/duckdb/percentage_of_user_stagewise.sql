-- Which share of the users reached which stage: one row a stage. The journey, the period and the
-- filters come from report_parameters, journey_stages and journey_event_types; the views are those of
-- schema.sql; docs/reports.md says what every number means.

WITH
persons AS MATERIALIZED (
    SELECT person FROM persons_in_scope
),

-- In any order: who did what in the period.
done AS MATERIALIZED (
    SELECT person, position, count(*) AS events
    FROM journey_events
    SEMI JOIN persons USING (person)
    WHERE in_period
    GROUP BY person, position
),
any_order AS (
    SELECT position, count(*) AS users, sum(events)::BIGINT AS events
    FROM done
    GROUP BY position
),
furthest AS (
    SELECT position, count(*) AS users
    FROM (SELECT max(position) AS position FROM done GROUP BY person)
    GROUP BY position
),

-- In order, within the conversion window.
reached AS MATERIALIZED (
    FROM steps_in_order SEMI JOIN persons USING (person)
),
in_order AS (
    SELECT
        r.position,
        count(*) AS users,
        -- Whole seconds since the required stage before; none for the first one.
        list_sort(list((r.reached_at_us - before.reached_at_us) // 1000000)
            FILTER (before.person IS NOT NULL)) AS seconds
    FROM reached r
    JOIN journey_steps s USING (position)
    LEFT JOIN reached before ON before.person = r.person AND before.position = s.previous
    GROUP BY r.position
),

-- Who can still reach the last stage: begun within the window before now, and not done.
inside AS (
    SELECT e.person
    FROM journey_events e
    SEMI JOIN persons USING (person)
    ANTI JOIN (
        SELECT person FROM reached WHERE position = (SELECT max(position) FROM journey_steps)
    ) USING (person)
    WHERE e.in_period
      AND e.position = (SELECT min(position) FROM journey_steps WHERE NOT optional)
    GROUP BY e.person
    HAVING coalesce(
        (SELECT coalesce(epoch_us(now_time), epoch_us(now())) FROM report_clock)
            - epoch_us(max(e."timestamp")) <= (SELECT window_us FROM report_parameters),
        true)
),

counts AS (
    SELECT
        s.position, s.stage, s.optional, s.previous,
        (SELECT count(*) FROM persons)                         AS total_users,
        (SELECT coalesce(sum(events), 0)::BIGINT FROM any_order) AS total_events,
        (SELECT count(*) FROM inside)                          AS users_inside_window,
        coalesce(a.users, 0) AS users,
        coalesce(f.users, 0) AS furthest_users,
        coalesce(o.users, 0) AS users_in_order,
        o.seconds
    FROM journey_steps s
    LEFT JOIN any_order a USING (position)
    LEFT JOIN furthest f  USING (position)
    LEFT JOIN in_order o  USING (position)
)

SELECT
    c.position,
    c.stage,
    c.optional,
    c.total_users,
    c.total_events,
    c.users_inside_window,
    c.users,
    100 * c.users / nullif(c.total_users, 0)          AS percent_of_users,
    c.furthest_users,
    c.users_in_order,
    100 * c.users_in_order / nullif(c.total_users, 0) AS percent_in_order,
    -- The neighbours between which the median and the 90th percentile lie.
    c.seconds[1 + (len(c.seconds) - 1) // 2]        AS median_low_seconds,
    c.seconds[1 + len(c.seconds) // 2]              AS median_high_seconds,
    c.seconds[1 + 9 * (len(c.seconds) - 1) // 10]   AS p90_low_seconds,
    c.seconds[1 + (9 * (len(c.seconds) - 1) + 9) // 10] AS p90_high_seconds
FROM counts c
ORDER BY c.position;
