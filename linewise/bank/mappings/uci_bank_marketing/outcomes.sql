SELECT
    printf('O%05d', number) AS outcome_id,
    printf('E%05d', number) AS exposure_id,
    NULL AS decision_id,
    printf('C%05d', number) AS customer_id,
    'TERM_DEPOSIT' AS offer_id,
    'ordered' AS outcome,
    -- Subscribed in the call; the day is not told.
    called_at + INTERVAL 1 DAY AS occurred_at,
    called_at + INTERVAL 1 DAY AS recorded_at,
    NULL AS reason_code
FROM calls
WHERE y = 'yes'
