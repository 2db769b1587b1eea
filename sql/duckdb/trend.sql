-- How the users of each quarter of an hour did: one row for those whose first event in scope lies in it.
-- Days and weeks of any time zone are made of such quarters. The journey, the period and the filters come
-- from report_parameters, journey_stages and journey_event_types; the views are those of schema.sql;
-- docs/reports.md says what every number means.

WITH
persons AS MATERIALIZED (
    SELECT person FROM persons_in_scope
),
seen AS (
    SELECT
        e.person,
        min(e."timestamp") AS first_seen,
        bool_or(e.position = (SELECT max(position) FROM journey_steps)) AS bought,
        max(e."timestamp") FILTER (
            e.position = (SELECT min(position) FROM journey_steps WHERE NOT optional)
        ) AS last_start
    FROM journey_events e
    SEMI JOIN persons USING (person)
    WHERE e.in_period
    GROUP BY e.person
),
-- In order, within the conversion window.
done AS (
    SELECT person
    FROM steps_in_order
    WHERE position = (SELECT max(position) FROM journey_steps)
),
outcomes AS (
    SELECT
        s.first_seen,
        s.bought,
        d.person IS NOT NULL AS bought_in_order,
        -- Begun within the window before now, and not done.
        d.person IS NULL AND s.last_start IS NOT NULL AND coalesce(
            coalesce(epoch_us(c.now_time), epoch_us(now())) - epoch_us(s.last_start) <= p.window_us,
            true) AS inside_window
    FROM seen s
    LEFT JOIN done d USING (person)
    CROSS JOIN report_parameters p
    CROSS JOIN report_clock c
)

SELECT
    time_bucket(INTERVAL 15 MINUTES, first_seen) AS quarter_hour,
    count(*)                                     AS users,
    count(*) FILTER (bought)                     AS buyers,
    count(*) FILTER (bought_in_order)            AS buyers_in_order,
    count(*) FILTER (inside_window)              AS users_inside_window
FROM outcomes
GROUP BY quarter_hour
ORDER BY quarter_hour;
