-- Current accounts: no card line, no limits, and no account of this bank is ever closed in the data.
SELECT
    CAST(account.account_id AS VARCHAR) AS account_id,
    CAST(disp.client_id AS VARCHAR) AS customer_id,
    'none' AS card_role,
    'current_account' AS product,
    'CZK' AS currency,
    strptime(CAST(19000000 + account.date AS VARCHAR), '%Y%m%d') AS opened_at,
    NULL AS closed_at,
    NULL AS permanent_limit_amt,
    NULL AS temporary_limit_amt,
    NULL AS temporary_limit_from,
    NULL AS temporary_limit_until,
    NULL AS cash_limit_amt,
    NULL AS instalment_limit_amt,
    NULL AS limit_group,
    NULL AS provision_stage,
    'open' AS status,
    NULL AS cycle_day,
    NULL AS minimum_payment_ratio,
    NULL AS minimum_payment_floor_amt,
    strptime(CAST(19000000 + account.date AS VARCHAR), '%Y%m%d') AS recorded_at
FROM account
JOIN loan USING (account_id)
JOIN disp ON disp.account_id = account.account_id AND disp.type = 'OWNER'
