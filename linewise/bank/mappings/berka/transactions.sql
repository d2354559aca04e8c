-- Every posting before the loan. Symbols are empty or one blank where there is none, and partner
-- account '0' means no partner. An operation or symbol that is not listed here gives a NULL kind,
-- which the check then finds.
WITH postings AS (
    SELECT
        trans_id,
        account_id,
        strptime(CAST(19000000 + date AS VARCHAR), '%Y%m%d') AS posted_at,
        type,
        operation,
        nullif(trim(k_symbol), '') AS symbol,
        CAST(CAST(amount AS DECIMAL(18, 2)) * 100 AS BIGINT) AS billing_amt,
        CAST(CAST(balance AS DECIMAL(18, 2)) * 100 AS BIGINT) AS balance_amt,
        nullif(trim(bank), '') AS partner_bank,
        nullif(nullif(trim(account), ''), '0') AS partner_account
    FROM trans
)
SELECT
    CAST(postings.trans_id AS VARCHAR) AS transaction_id,
    CAST(disp.client_id AS VARCHAR) AS customer_id,
    CAST(postings.account_id AS VARCHAR) AS account_id,
    posted_at,
    posted_at AS recorded_at,
    CASE
        WHEN postings.type = 'credit' THEN 'credit'
        WHEN postings.type IN ('withdrawal', 'withdrawal in cash') THEN 'debit'
    END AS direction,
    CASE
        WHEN symbol = 'interest credited' THEN 'interest'
        WHEN symbol = 'payment for statement' THEN 'fee'
        WHEN symbol = 'sanction interest if negative balance' THEN 'penalty_interest'
        WHEN operation = 'credit in cash' THEN 'cash_deposit'
        WHEN operation = 'collection from another bank' THEN 'transfer_in'
        WHEN operation = 'remittance to another bank' THEN 'transfer_out'
        WHEN operation IN ('withdrawal in cash', 'credit card withdrawal') THEN 'cash_withdrawal'
    END AS kind,
    CASE symbol
        WHEN 'household' THEN 'household'
        WHEN 'insurrance payment' THEN 'insurance'
        WHEN 'old-age pension' THEN 'pension'
    END AS category,
    billing_amt,
    'CZK' AS currency,
    NULL AS original_amt,
    NULL AS original_currency,
    balance_amt,
    NULL AS mcc,
    NULL AS merchant_id,
    CASE
        -- The bank's own bookings pass through no channel, whatever operation carries them.
        WHEN symbol IN (
            'interest credited', 'payment for statement', 'sanction interest if negative balance'
        ) THEN NULL
        WHEN operation = 'credit card withdrawal' THEN 'atm'
        WHEN operation IN ('credit in cash', 'withdrawal in cash') THEN 'branch'
        WHEN operation IN ('collection from another bank', 'remittance to another bank') THEN 'transfer'
    END AS channel,
    NULL AS country,
    partner_bank || '-' || partner_account AS counterparty_id,
    FALSE AS is_declined
FROM postings
JOIN disp ON disp.account_id = postings.account_id AND disp.type = 'OWNER'
