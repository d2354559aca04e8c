-- The place in the file is the number. The file is in the order of time: a month that comes before the one above it
-- begins another year.
WITH contacts AS (
    SELECT *, row_number() OVER () AS number,
           list_position(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], month)
               AS calendar_month
    FROM contact
),
turned AS (
    SELECT *, (calendar_month < lag(calendar_month, 1, calendar_month) OVER (ORDER BY number))::INTEGER AS begins_year
    FROM contacts
)
SELECT *,
       make_timestamp(
           CAST(2008 + sum(begins_year) OVER (ORDER BY number) AS BIGINT), calendar_month, 1, 0, 0, 0.0
       ) AS called_at
FROM turned
