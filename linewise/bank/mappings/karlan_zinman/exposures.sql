-- Of the mailings the months are known: July, September and October of 2003.
WITH letters AS (
    SELECT *, row_number() OVER () AS number,
           CASE wave WHEN 1 THEN TIMESTAMP '2003-07-01' WHEN 2 THEN TIMESTAMP '2003-09-01' ELSE TIMESTAMP '2003-10-01' END
               AS sent_at
    FROM letter
)
SELECT
    printf('L%05d', number) AS exposure_id,
    printf('C%05d', number) AS customer_id,
    NULL AS decision_id,
    'CASH_LOAN' AS offer_id,
    sent_at AS shown_at,
    sent_at AS recorded_at,
    NULL AS is_pitched,
    NULL AS not_pitched_reason,
    NULL AS agent_id,
    NULL AS team,
    NULL AS queue,
    'mail' AS channel,
    NULL AS pscore,
    wave AS x_wave_number,
    offer4 / 100 AS x_monthly_rate_ratio,
    yearlong = 1 AS x_is_rate_kept_a_year,
    onetermshown = 1 AS x_has_one_term_shown,
    CAST(termshown AS BIGINT) AS x_term_shown_months
FROM letters
