-- The data hold granted loans only, so every request is approved, and asked, offered and taken are one amount.
SELECT
    'loan-' || loan.loan_id AS request_id,
    CAST(disp.client_id AS VARCHAR) AS customer_id,
    CAST(loan.account_id AS VARCHAR) AS account_id,
    strptime(CAST(19000000 + loan.date AS VARCHAR), '%Y%m%d') AS requested_at,
    strptime(CAST(19000000 + loan.date AS VARCHAR), '%Y%m%d') AS recorded_at,
    'loan' AS kind,
    CAST(loan.amount * 100 AS BIGINT) AS asked_amt,
    CAST(loan.amount * 100 AS BIGINT) AS offered_amt,
    CAST(loan.amount * 100 AS BIGINT) AS taken_amt,
    loan.duration AS term_months,
    'approved' AS decision,
    NULL AS reason_codes,
    'customer' AS initiated_by,
    'CZK' AS currency
FROM loan
JOIN disp ON disp.account_id = loan.account_id AND disp.type = 'OWNER'
