-- The events stored last, the newest first. They are picked by their number alone, which reads the end of
-- the table only; persons stay codes.
SELECT
    e.sequence,
    e.received_at,
    e."timestamp",
    t.name  AS event_type,
    c.name  AS city,
    d.name  AS device,
    ch.name AS channel,
    e.person
FROM (FROM stored_events ORDER BY sequence DESC LIMIT 20) e
JOIN event_types t    ON t.code = e.event_type
JOIN cities c         ON c.code = e.city
LEFT JOIN devices d   ON d.code = e.device
LEFT JOIN channels ch ON ch.code = e.channel
ORDER BY e.sequence DESC;
