-- What stands behind a row of a day, model and currency: the completions, revenues and costs that name the model, with
-- what is taken back, restated or adjusted of them and what each added to the row; and those that name no model and of
-- which the row has, or could have, a share. What these gave depends on the others of the day, so nothing is said of it.

SELECT
  position,
  day,
  model,
  currency,
  CASE WHEN amount IS NOT NULL THEN CASE kind WHEN 'revenue' THEN amount ELSE 0 END END AS revenue_direct,
  CASE WHEN amount IS NOT NULL THEN CASE kind WHEN 'inference' THEN amount ELSE 0 END END AS inference_cost,
  CASE WHEN amount IS NOT NULL THEN CASE kind WHEN 'ai_inference' THEN amount ELSE 0 END END AS ai_inference_direct,
  CASE WHEN amount IS NOT NULL THEN CASE kind WHEN 'vm' THEN amount ELSE 0 END END AS vm_direct,
  CASE WHEN amount IS NOT NULL THEN CASE kind WHEN 'api_service' THEN amount ELSE 0 END END AS api_service_direct,
  CASE WHEN amount IS NOT NULL THEN CASE kind WHEN 'other' THEN amount ELSE 0 END END AS other_direct,
  CASE kind WHEN 'inference' THEN sign WHEN 'pool' THEN NULL ELSE 0 END AS calls,
  CASE kind
    WHEN 'inference' THEN CASE currency WHEN 'XXX' THEN sign ELSE 0 END
    WHEN 'pool' THEN NULL
    ELSE 0
  END AS unpriced_calls
FROM (
  SELECT
    p.position,
    p.sign,
    coalesce(a.day, p.day::date) AS day,
    coalesce(s.model, p.data ->> 'model', '') AS model,
    coalesce(p.money ->> 'currency', 'XXX') AS currency,
    CASE
      WHEN s.model IS NOT NULL THEN 'pool'
      WHEN p.type = 'completion.recorded' THEN 'inference'
      WHEN p.type = 'revenue.earned' THEN 'revenue'
      ELSE coalesce(substring(p.data ->> 'category' FROM '^(?:ai_inference|vm|api_service)$'), 'other')
    END AS kind,
    CASE WHEN s.model IS NULL THEN coalesce(a.share, p.sign * (p.money ->> 'amount')::numeric) END AS amount
  FROM daybook.postings AS p
  LEFT JOIN LATERAL daybook.accrue(
    p.sign * (p.money ->> 'amount')::numeric, p.accrues_from, p.accrues_through, p.not_before
  ) AS a ON p.accrues_from IS NOT NULL
  LEFT JOIN LATERAL (
    SELECT '' AS model
    UNION
    SELECT i.model
    FROM model_pnl_inference AS i
    WHERE i.ledger_id = :ledger
      AND i.day = coalesce(a.day, p.day::date)
      AND i.currency = p.money ->> 'currency'
      AND i.cost > 0
      AND (p.data ->> 'strategy' IS NULL OR i.strategy = p.data ->> 'strategy')
  ) AS s ON p.type <> 'completion.recorded' AND coalesce(p.data ->> 'model', '') = ''
  WHERE p.ledger_id = :ledger
    AND p.position > :floor
    AND p.position <= :ceiling
) AS entries;
