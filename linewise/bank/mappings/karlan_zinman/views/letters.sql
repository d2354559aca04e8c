-- The place in the file is the number. Of the mailings the months are known: July, September and October of 2003.
SELECT *, row_number() OVER () AS number,
       CASE wave WHEN 1 THEN TIMESTAMP '2003-07-01' WHEN 2 THEN TIMESTAMP '2003-09-01' ELSE TIMESTAMP '2003-10-01' END
           AS sent_at
FROM letter
