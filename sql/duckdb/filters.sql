-- What reports can be narrowed to: each city, device and channel, and the persons in scope who have it. The
-- parameters are those of a report; the views are those of schema.sql.

WITH persons AS MATERIALIZED (
    FROM persons_in_scope
)
SELECT 'city' AS attribute, city AS name, count(*) AS users FROM persons GROUP BY city
UNION ALL
SELECT 'device', device, count(*) FROM persons GROUP BY device
UNION ALL
SELECT 'channel', channel, count(*) FROM persons GROUP BY channel
ORDER BY users DESC, name;
