-- The plan of the measured city: one row a claim, drawn once, then entered month by month through the ledger's own
-- triggers. %(claims)s and %(parties)s are numbers of rows.
CREATE SCHEMA bench;
SELECT setseed(0.42);

-- The scopes that hold claims; a group is who hands in for them: a county with its townships, or one body of the city.
CREATE UNLOGGED TABLE bench.scopes AS
SELECT row_number() OVER (ORDER BY top.position, u.id, s.id)::int AS k, s.id AS scope_id,
    dense_rank() OVER (ORDER BY top.position)::int AS grp, top.unit_id AS reporter_id,
    CASE v.kind WHEN 'soe' THEN '国有企业' WHEN 'bureau' THEN '机关' ELSE '政府' END AS debtor_kind
FROM identity_scope s
JOIN identity_unit u ON u.id = s.unit_id
JOIN identity_unitversion v ON v.unit_id = u.id AND v.kind IN ('county', 'township', 'park', 'soe', 'bureau')
JOIN identity_unitversion city ON city.kind = 'city'
JOIN identity_unitversion top ON top.parent_id = city.unit_id
JOIN identity_unit above ON above.id = top.unit_id AND u.path <@ above.path
WHERE s.line_id IS NOT NULL;
CREATE UNIQUE INDEX ON bench.scopes (k);

INSERT INTO audit_posting (uid, kind, appointment_id, who, scope_id, reason, evidence_sha256, recorded_at)
SELECT gen_random_uuid(), 'arrears.opening', a.id, 'local operator', s.id, '', '', %(begin)s::timestamptz
FROM identity_appointment a JOIN identity_scope s ON s.unit_id = a.unit_id WHERE a.role = 'operator' ORDER BY s.id LIMIT 1;

INSERT INTO register_party (id, uid, uscc, name_key, name, posting_id)
SELECT i, gen_random_uuid(), '91' || lpad(i::text, 16, '0'), name, name, (SELECT max(id) FROM audit_posting)
FROM generate_series(1, %(parties)s) i
CROSS JOIN LATERAL (SELECT (ARRAY['远山','长河','青松','明湖','金桥','新禾','安顺','同兴'])[1 + i %% 8]
    || (ARRAY['建筑工程','机电设备','信息技术','园林绿化','建材','医疗器械','物业服务'])[1 + i %% 7] || i || '号有限公司' AS name) n;

-- Of the parties the first two hundredths are debtors; large scopes come first, so that claims crowd as they do in life.
CREATE UNLOGGED TABLE bench.plan AS
WITH drawn AS (
    SELECT i, 1 + floor(power(random(), 1.6) * (SELECT count(*) FROM bench.scopes))::int AS k,
        1 + floor(random() * %(parties)s / 50)::int AS debtor_id,
        1 + %(parties)s / 50 + floor(power(random(), 2) * (%(parties)s - %(parties)s / 50 - 1))::int AS creditor_id,
        greatest(300000, least(exp(17.15 + 1.55 * random_normal()), 6e9))::bigint AS amount,
        random() AS of_account, random() AS of_month, random() AS of_payment, random() AS of_proof, random() AS of_due,
        random() AS of_category
    FROM generate_series(1, %(claims)s) i
), placed AS (
    SELECT d.*, s.scope_id, s.grp, s.debtor_kind,
        CASE WHEN of_account < 0.70 THEN 'undisputed' WHEN of_account < 0.80 THEN 'disputed'
             WHEN of_account < 0.88 THEN 'judicial' WHEN of_account < 0.95 THEN 'not_due' ELSE 'unsettled' END AS account,
        CASE WHEN of_month < 0.6 THEN 0 ELSE 1 + floor((of_month - 0.6) / 0.4 * 11)::int END AS month_in
    FROM drawn d JOIN bench.scopes s USING (k)
), paid AS (
    SELECT *, CASE WHEN account = 'undisputed' AND of_payment < 0.8 THEN month_in + 1 + floor(of_payment / 0.8 * 11)::int END
        AS month_paid
    FROM placed
)
SELECT row_number() OVER (ORDER BY month_in, grp, i)::int AS id, scope_id, grp, debtor_id, creditor_id, amount, account,
    debtor_kind, month_in, month_paid, CASE WHEN of_proof < 0.7 THEN month_paid + 1 END AS month_proved,
    CASE WHEN of_proof < 0.35 THEN amount ELSE (amount * (0.1 + 0.8 * of_proof))::bigint END AS payment,
    (ARRAY['工程款','货款','服务款','保证金','其他'])[1 + floor(power(of_category, 2) * 5)::int] AS category,
    CASE account WHEN 'unsettled' THEN NULL WHEN 'not_due' THEN %(today)s::date + 1 + (of_due * 700)::int
        ELSE %(begin)s::date - 400 - (of_due * of_due * 1800)::int END AS due_on
FROM paid;
CREATE INDEX ON bench.plan (grp, month_in);
CREATE INDEX ON bench.plan (grp, month_paid) WHERE month_paid IS NOT NULL;
CREATE INDEX ON bench.plan (grp, month_proved) WHERE month_proved IS NOT NULL;
ANALYZE bench.plan;
