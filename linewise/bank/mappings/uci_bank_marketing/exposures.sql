-- The file is in the order of time: a month that comes before the one above it begins another year.
WITH contacts AS (
    SELECT *, row_number() OVER () AS number,
           list_position(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], month)
               AS calendar_month
    FROM contact
),
turned AS (
    SELECT *, (calendar_month < lag(calendar_month, 1, calendar_month) OVER (ORDER BY number))::INTEGER AS begins_year
    FROM contacts
),
dated AS (
    SELECT *, make_timestamp(CAST(2008 + sum(begins_year) OVER (ORDER BY number) AS BIGINT), calendar_month, 1, 0, 0, 0.0) AS called_at
    FROM turned
)
SELECT
    printf('E%05d', number) AS exposure_id,
    printf('C%05d', number) AS customer_id,
    NULL AS decision_id,
    'TERM_DEPOSIT' AS offer_id,
    called_at AS shown_at,
    called_at AS recorded_at,
    NULL AS is_pitched,
    NULL AS not_pitched_reason,
    NULL AS agent_id,
    NULL AS team,
    NULL AS queue,
    'outbound' AS channel,
    NULL AS pscore,
    contact AS x_telephone,
    calendar_month AS x_calendar_month,
    day_of_week AS x_weekday,
    campaign AS x_contact_count,
    nullif(pdays, 999) AS x_last_campaign_days,
    previous AS x_former_contact_count,
    nullif(poutcome, 'nonexistent') AS x_former_outcome,
    "emp.var.rate" AS x_employment_change_pct,
    "cons.price.idx" AS x_consumer_price_index,
    "cons.conf.idx" AS x_consumer_confidence_index,
    euribor3m AS x_euribor_3m_pct,
    "nr.employed" AS x_employed_thousands
FROM dated
