-- Cards of the owners, those issued after the loan too: what a decision may know of them follows from the dates.
SELECT
    'card-' || card.card_id AS holding_id,
    CAST(disp.client_id AS VARCHAR) AS customer_id,
    'card_' || card.type AS product,
    strptime('19' || substr(card.issued, 1, 6), '%Y%m%d') AS opened_at,
    NULL AS closed_at,
    strptime('19' || substr(card.issued, 1, 6), '%Y%m%d') AS recorded_at
FROM card
JOIN disp ON disp.disp_id = card.disp_id AND disp.type = 'OWNER'
JOIN loan ON loan.account_id = disp.account_id
