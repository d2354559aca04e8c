-- A woman's birth number carries 50 added to the month. It is taken off and the sex is not kept.
-- An owner has one account, and each of these accounts has one loan.
WITH owners AS (
    SELECT disp.client_id, disp.account_id
    FROM disp JOIN loan USING (account_id)
    WHERE disp.type = 'OWNER'
),
births AS (
    SELECT
        client_id,
        1900 + CAST(substr(birth_number, 1, 2) AS INTEGER) AS birth_year,
        (CAST(substr(birth_number, 3, 2) AS INTEGER) - 1) % 50 + 1 AS birth_month,
        CAST(substr(birth_number, 5, 2) AS INTEGER) AS birth_day
    FROM client
)
SELECT
    CAST(owners.client_id AS VARCHAR) AS customer_id,
    make_date(births.birth_year, births.birth_month, births.birth_day) AS birth_date,
    NULL AS is_student,
    NULL AS is_staff,
    NULL AS is_related_party,
    NULL AS is_vulnerable,
    NULL AS vulnerable_source,
    NULL AS vulnerable_until,
    'Europe/Prague' AS time_zone,
    NULL AS language,
    NULL AS contact_point_changed_at,
    NULL AS device_changed_at,
    CAST(strptime(CAST(19000000 + account.date AS VARCHAR), '%Y%m%d') AS DATE) AS customer_since,
    strptime(CAST(19000000 + loan.date AS VARCHAR), '%Y%m%d') AS observed_until,
    CASE account.frequency
        WHEN 'POPLATEK MESICNE' THEN 'monthly'
        WHEN 'POPLATEK TYDNE' THEN 'weekly'
        WHEN 'POPLATEK PO OBRATU' THEN 'after_transaction'
    END AS x_statement_frequency
FROM owners
JOIN births USING (client_id)
JOIN account USING (account_id)
JOIN loan USING (account_id)
