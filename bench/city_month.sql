-- What one reporter hands in at the end of a month: one posting, each step one statement, as an import does it.
WITH posted AS (
    INSERT INTO audit_posting (uid, kind, appointment_id, who, scope_id, reason, evidence_sha256, recorded_at)
    SELECT gen_random_uuid(), CASE %(month)s WHEN 0 THEN 'arrears.opening' ELSE 'arrears.statement' END, a.id,
        'local operator', (SELECT min(scope_id) FROM bench.scopes WHERE grp = %(grp)s), '', '', %(recorded_at)s
    FROM identity_appointment a WHERE a.role = 'operator'
    RETURNING id, recorded_at
)
SELECT id, recorded_at FROM posted;
--
INSERT INTO arrears_contract (id, uid, scope_id, debtor_id, creditor_id, number, project, posting_id)
SELECT id, gen_random_uuid(), scope_id, debtor_id, creditor_id, 'HT-' || id, '市政道路改造工程', %(posting)s
FROM bench.plan WHERE grp = %(grp)s AND month_in = %(month)s;
--
INSERT INTO arrears_part (id, contract_id, scope_id, kind, number)
SELECT id, id, scope_id, 'whole', '' FROM bench.plan WHERE grp = %(grp)s AND month_in = %(month)s;
--
INSERT INTO arrears_claim (id, uid, scope_id, debtor_id, creditor_id, part_id, posting_id)
SELECT id, gen_random_uuid(), scope_id, debtor_id, creditor_id, id, %(posting)s
FROM bench.plan WHERE grp = %(grp)s AND month_in = %(month)s;
--
INSERT INTO arrears_claimfact (
    claim_id, scope_id, posting_id, recorded_at, n, ledger_no, debtor_name, creditor_name, debtor_kind, creditor_kind,
    category, project, contract_no, department, signed_on, due_on, note
)
SELECT p.id, p.scope_id, %(posting)s, %(recorded_at)s, 1, 'LJ' || lpad(p.id::text, 9, '0'), d.name, c.name, p.debtor_kind,
    '民营', p.category, '市政道路改造工程', 'HT-' || p.id, '住建局', p.due_on - 300, p.due_on, ''
FROM bench.plan p JOIN register_party d ON d.id = p.debtor_id JOIN register_party c ON c.id = p.creditor_id
WHERE p.grp = %(grp)s AND p.month_in = %(month)s;
--
INSERT INTO arrears_transfer (
    claim_id, scope_id, posting_id, recorded_at, n, source, destination, amount, effective_on
)
SELECT id, scope_id, %(posting)s, %(recorded_at)s, n, source, destination, moved, %(day)s
FROM (
    SELECT id, scope_id, 1 AS n, 'recognised' AS source, account AS destination, amount AS moved
    FROM bench.plan WHERE grp = %(grp)s AND month_in = %(month)s
    UNION ALL
    SELECT id, scope_id, 2, 'undisputed', 'reported', payment
    FROM bench.plan WHERE grp = %(grp)s AND month_paid = %(month)s
    UNION ALL
    SELECT id, scope_id, 3, 'reported', 'cash', payment
    FROM bench.plan WHERE grp = %(grp)s AND month_proved = %(month)s
) moves ORDER BY id, n;
