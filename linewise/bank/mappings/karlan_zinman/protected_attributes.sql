SELECT printf('C%05d', number) AS customer_id, attribute, value
FROM letters, LATERAL (
    VALUES
        ('sex', CASE WHEN female = 1 THEN 'female' ELSE 'male' END),
        ('marital_status', CASE married WHEN 1 THEN 'married' WHEN 0 THEN 'not married' END),
        ('region', province)
) AS told (attribute, value)
WHERE value IS NOT NULL
