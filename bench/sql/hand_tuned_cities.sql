-- The same by city, that of a person's first event.
SELECT city, done, count(*) AS users
FROM (
    SELECT person, arg_min(city, "timestamp") AS city, bit_or(1::UINTEGER << event_type) AS done
    FROM stored_events GROUP BY person)
GROUP BY city, done;
