-- Every rate that was listed is there, as it was listed.

SELECT
  m.measure,
  m.book,
  m.log
FROM (
  SELECT
    (SELECT count(*) FROM exchange_rates WHERE ledger_id = :ledger) AS book_count,
    (SELECT coalesce(sum(rate), 0) FROM exchange_rates WHERE ledger_id = :ledger) AS book_sum,
    count(*) AS log_count,
    coalesce(sum((e.data ->> 'rate')::numeric), 0) AS log_sum
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'rate.listed'
) AS sides
CROSS JOIN LATERAL (
  VALUES ('rates', book_count::numeric, log_count::numeric), ('sum of rates', book_sum, log_sum)
) AS m (measure, book, log);
