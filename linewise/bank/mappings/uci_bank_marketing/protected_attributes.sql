SELECT printf('C%05d', number) AS customer_id, 'marital_status' AS attribute, marital AS value
FROM calls
WHERE marital <> 'unknown'
