-- One letter a client.
SELECT
    printf('C%05d', number) AS customer_id,
    NULL AS birth_date,
    NULL AS is_student,
    NULL AS is_staff,
    NULL AS is_related_party,
    NULL AS is_vulnerable,
    NULL AS vulnerable_source,
    NULL AS vulnerable_until,
    'Africa/Johannesburg' AS time_zone,
    NULL AS language,
    NULL AS contact_point_changed_at,
    NULL AS device_changed_at,
    NULL AS customer_since,
    NULL AS observed_until,
    -- 0 and 99 stand for an age that nobody noted.
    CASE WHEN age >= 1 AND age < 99 THEN CAST(age AS DOUBLE) END AS x_age_years,
    risk AS x_risk_band,
    CASE WHEN itczero = 0 AND itcscore > 0 THEN itcscore END AS x_bureau_score,
    CASE WHEN appscore > 0 THEN CAST(appscore AS DOUBLE) END AS x_application_score,
    CAST(dependants AS BIGINT) AS x_dependants_count,
    -- Given in thousands of rand.
    CAST(round(grossincome * 100000) AS BIGINT) AS x_gross_income_amt,
    edhi = 1 AS x_has_higher_education,
    dormancy AS x_dormant_months,
    CAST(trcount AS BIGINT) AS x_loan_count,
    CAST(round(lastamount * 100) AS BIGINT) AS x_last_loan_amt,
    lastterm AS x_last_term_months
FROM letters
