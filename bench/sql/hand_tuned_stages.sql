-- Who did which stage, and no more: neither their order nor the median time between them. What a
-- report of the stages costs at the least, by hand, on the tables' own codes.
SELECT done, count(*) AS users
FROM (SELECT person, bit_or(1::UINTEGER << event_type) AS done FROM stored_events GROUP BY person)
GROUP BY done;
