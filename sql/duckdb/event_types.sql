-- Each event type seen: how many events, by how many persons.
SELECT t.name                   AS event_type,
       count(*)                 AS events,
       count(DISTINCT e.person) AS users
FROM stored_events e
JOIN event_types t ON t.code = e.event_type
GROUP BY t.name
ORDER BY events DESC, event_type;
