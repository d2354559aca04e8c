-- One call a person.
SELECT
    printf('C%05d', number) AS customer_id,
    NULL AS birth_date,
    NULL AS is_student,
    NULL AS is_staff,
    NULL AS is_related_party,
    NULL AS is_vulnerable,
    NULL AS vulnerable_source,
    NULL AS vulnerable_until,
    'Europe/Lisbon' AS time_zone,
    NULL AS language,
    NULL AS contact_point_changed_at,
    NULL AS device_changed_at,
    NULL AS customer_since,
    NULL AS observed_until,
    age AS x_age_years,
    nullif(replace(job, 'admin.', 'admin'), 'unknown') AS x_job,
    nullif(education, 'unknown') AS x_education,
    nullif("default", 'unknown') = 'yes' AS x_has_credit_in_default,
    nullif(housing, 'unknown') = 'yes' AS x_has_housing_loan,
    nullif(loan, 'unknown') = 'yes' AS x_has_personal_loan
FROM calls
