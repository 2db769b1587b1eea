-- How each city does: one row a city, `unknown` for the users that have none. The journey, the period
-- and the filters come from report_parameters, journey_stages and journey_event_types; the views are
-- those of schema.sql; docs/reports.md says what every number means. What belongs to the stages or the
-- currencies stands in JSON objects by stage or currency.

WITH
persons AS MATERIALIZED (
    SELECT person, city FROM persons_in_scope
),
cities_in_scope AS (
    SELECT city, count(*) AS users FROM persons GROUP BY city
),

-- In any order: who did what in the period.
any_order AS (
    SELECT p.city, e.position, count(DISTINCT e.person) AS users
    FROM journey_events e
    JOIN persons p USING (person)
    WHERE e.in_period
    GROUP BY p.city, e.position
),
-- In order, within the conversion window.
in_order AS (
    SELECT p.city, s.position, count(*) AS users
    FROM steps_in_order s
    JOIN persons p USING (person)
    GROUP BY p.city, s.position
),
stages AS (
    SELECT
        c.city,
        to_json(map_from_entries(list((s.stage, coalesce(a.users, 0)) ORDER BY s.position)))
            AS stage_users,
        to_json(map_from_entries(list((s.stage, coalesce(o.users, 0)) ORDER BY s.position)))
            AS stage_users_in_order
    FROM cities_in_scope c
    CROSS JOIN journey_steps s
    LEFT JOIN any_order a ON a.city = c.city AND a.position = s.position
    LEFT JOIN in_order o  ON o.city = c.city AND o.position = s.position
    GROUP BY c.city
),

-- An order is a (person, order_id); an event without order_id is an order of its own. A line is a
-- distinct (product, amount, currency) within an order, so that an event sent twice counts once.
lines AS MATERIALIZED (
    SELECT DISTINCT
        p.city,
        e.person,
        e.order_id,
        e.order_text,
        CASE WHEN e.order_id IS NULL AND e.order_text IS NULL THEN e.event_id END AS event_id,
        e.product,
        e.amount,
        CASE WHEN e.amount IS NOT NULL THEN coalesce(c.name, r.currency) END AS currency
    FROM journey_events e
    JOIN persons p USING (person)
    CROSS JOIN report_parameters r
    LEFT JOIN currencies c ON c.code = e.currency
    WHERE e.in_period AND e.position = (SELECT max(position) FROM journey_steps)
),
sales AS (
    SELECT
        city,
        count(DISTINCT person)                                   AS buyers,
        count(DISTINCT (person, order_id, order_text, event_id)) AS orders
    FROM lines
    GROUP BY city
),
revenues AS (
    SELECT
        city,
        to_json(map_from_entries(list((currency, amount::VARCHAR) ORDER BY currency))) AS revenue
    FROM (
        SELECT city, currency, sum(amount) AS amount
        FROM lines
        WHERE amount IS NOT NULL
        GROUP BY city, currency
    )
    GROUP BY city
)

SELECT
    c.city,
    c.users,
    100 * c.users / sum(c.users) OVER () AS share_of_users_percent,
    s.stage_users,
    s.stage_users_in_order,
    coalesce(x.buyers, 0)                 AS buyers,
    100 * coalesce(x.buyers, 0) / c.users AS conversion_percent,
    coalesce(x.orders, 0)                 AS orders,
    coalesce(r.revenue, '{}'::JSON)       AS revenue
FROM cities_in_scope c
JOIN stages s USING (city)
LEFT JOIN sales x USING (city)
LEFT JOIN revenues r USING (city)
ORDER BY c.city = 'unknown', c.users DESC, c.city;
