WITH contacts AS (SELECT *, row_number() OVER () AS number FROM contact)
SELECT printf('C%05d', number) AS customer_id, 'marital_status' AS attribute, marital AS value
FROM contacts
WHERE marital <> 'unknown'
