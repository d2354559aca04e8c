-- Whoever borrowed did so before the deadline of the letter, at most two months on; the day is not told.
SELECT
    printf('B%05d', number) AS outcome_id,
    printf('L%05d', number) AS exposure_id,
    NULL AS decision_id,
    printf('C%05d', number) AS customer_id,
    'CASH_LOAN' AS offer_id,
    'ordered' AS outcome,
    sent_at + INTERVAL 1 MONTH AS occurred_at,
    sent_at + INTERVAL 1 MONTH AS recorded_at,
    NULL AS reason_code
FROM letters
WHERE tookup = 1
