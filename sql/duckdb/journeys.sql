-- The configured journeys, a row an event type, in the order in which they were stored.
SELECT s.journey, s.stage, s.optional, t.event_type
FROM journey_stages s
LEFT JOIN journey_event_types t ON t.journey = s.journey AND t.position = s.position
ORDER BY s.journey, s.position, t.rowid;
