-- The loan of each account. What became of it is known at the end of the data, not at the loan's date.
-- The data state no rate: the payments add up to the amount lent, so none is made up here.
SELECT
    'loan-' || loan.loan_id AS instalment_id,
    CAST(disp.client_id AS VARCHAR) AS customer_id,
    CAST(loan.account_id AS VARCHAR) AS account_id,
    'loan' AS kind,
    strptime(CAST(19000000 + loan.date AS VARCHAR), '%Y%m%d') AS opened_at,
    strptime(CAST(19000000 + loan.date AS VARCHAR), '%Y%m%d') AS recorded_at,
    CAST(loan.amount * 100 AS BIGINT) AS principal_amt,
    NULL AS remaining_amt,
    loan.duration AS term_months,
    CAST(CAST(loan.payments AS DECIMAL(18, 2)) * 100 AS BIGINT) AS payment_amt,
    NULL AS annualised_rate_ratio,
    NULL AS settlement_fee_ratio,
    CASE loan.status
        WHEN 'A' THEN 'settled'
        WHEN 'B' THEN 'defaulted'
        WHEN 'C' THEN 'running'
        WHEN 'D' THEN 'in_arrears'
    END AS status,
    TIMESTAMP '1998-12-31' AS status_at,
    'CZK' AS currency
FROM loan
JOIN disp ON disp.account_id = loan.account_id AND disp.type = 'OWNER'
