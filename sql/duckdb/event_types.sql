-- Each event type seen: how many events, by how many persons. The persons of the types that are seen most
-- are the bits of one text a type, an eighth of the time of a set of them; of all types that would be too
-- many texts. Every person's code is below PERSONS, which has to be a constant here.
WITH counts AS MATERIALIZED (
    SELECT event_type, count(*) AS events FROM stored_events GROUP BY event_type
),
often AS MATERIALIZED (
    SELECT event_type FROM counts ORDER BY events DESC, event_type LIMIT 16
),
persons AS (
    SELECT event_type, bit_count(bitstring_agg(person, 0, PERSONS)) AS users
    FROM stored_events
    WHERE event_type IN (FROM often)
    GROUP BY event_type
  UNION ALL
    SELECT event_type, count(DISTINCT person)
    FROM stored_events
    WHERE event_type NOT IN (FROM often)
    GROUP BY event_type
)
SELECT t.name AS event_type, c.events, p.users
FROM counts c
JOIN persons p     USING (event_type)
JOIN event_types t ON t.code = c.event_type
ORDER BY c.events DESC, t.name;
