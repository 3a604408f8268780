-- A claim as it stands says what its latest version says: every fact, whatever the version left to its default.

CREATE OR REPLACE FUNCTION arrears.after_facts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO arrears_claimnow AS now (
        claim_id, scope_id, debtor_id, creditor_id, versions, transfers,
        unsettled, not_due, undisputed, disputed, judicial, reported, cash, instrument, "offset", court, reduced,
        ledger_no, debtor_name, creditor_name, debtor_kind, creditor_kind, size_at_contract, sme_declared, category,
        project, contract_no, signed_on, contract_amount, department, using_unit, funding_unit, territory,
        responsible_unit, payment_basis, delivered_on, accepted_on, agreed_acceptance_by, payer_delays_acceptance,
        settlement_confirmed_on, agreed_term_days, pays_when_paid, forced_noncash, agreed_rate, year_days,
        reviewed_from, reviewed_to, law_edition, law_reason, due_on, planned_clear_on, funding_source, clue_source,
        arrears_reason, dispute_cause, case_number, note
    )
    SELECT c.id, c.scope_id, c.debtor_id, c.creditor_id, f.n, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        f.ledger_no, f.debtor_name, f.creditor_name, f.debtor_kind, f.creditor_kind, f.size_at_contract,
        f.sme_declared, f.category, f.project, f.contract_no, f.signed_on, f.contract_amount, f.department,
        f.using_unit, f.funding_unit, f.territory, f.responsible_unit, f.payment_basis, f.delivered_on,
        f.accepted_on, f.agreed_acceptance_by, f.payer_delays_acceptance, f.settlement_confirmed_on,
        f.agreed_term_days, f.pays_when_paid, f.forced_noncash, f.agreed_rate, f.year_days, f.reviewed_from,
        f.reviewed_to, f.law_edition, f.law_reason, f.due_on, f.planned_clear_on, f.funding_source, f.clue_source,
        f.arrears_reason, f.dispute_cause, f.case_number, f.note
    FROM (SELECT DISTINCT ON (claim_id) * FROM fresh ORDER BY claim_id, n DESC) f
    JOIN arrears_claim c ON c.id = f.claim_id
    ORDER BY c.id
    ON CONFLICT (claim_id) DO UPDATE SET
        ledger_no = excluded.ledger_no, debtor_name = excluded.debtor_name,
        creditor_name = excluded.creditor_name, debtor_kind = excluded.debtor_kind,
        creditor_kind = excluded.creditor_kind, size_at_contract = excluded.size_at_contract,
        sme_declared = excluded.sme_declared, category = excluded.category, project = excluded.project,
        contract_no = excluded.contract_no, signed_on = excluded.signed_on,
        contract_amount = excluded.contract_amount, department = excluded.department,
        using_unit = excluded.using_unit, funding_unit = excluded.funding_unit, territory = excluded.territory,
        responsible_unit = excluded.responsible_unit, payment_basis = excluded.payment_basis,
        delivered_on = excluded.delivered_on, accepted_on = excluded.accepted_on,
        agreed_acceptance_by = excluded.agreed_acceptance_by,
        payer_delays_acceptance = excluded.payer_delays_acceptance,
        settlement_confirmed_on = excluded.settlement_confirmed_on,
        agreed_term_days = excluded.agreed_term_days, pays_when_paid = excluded.pays_when_paid,
        forced_noncash = excluded.forced_noncash, agreed_rate = excluded.agreed_rate,
        year_days = excluded.year_days, reviewed_from = excluded.reviewed_from,
        reviewed_to = excluded.reviewed_to, law_edition = excluded.law_edition,
        law_reason = excluded.law_reason, due_on = excluded.due_on,
        planned_clear_on = excluded.planned_clear_on, funding_source = excluded.funding_source,
        clue_source = excluded.clue_source, arrears_reason = excluded.arrears_reason,
        dispute_cause = excluded.dispute_cause, case_number = excluded.case_number, note = excluded.note,
        versions = excluded.versions;
    IF EXISTS (
        SELECT FROM (SELECT claim_id FROM fresh GROUP BY claim_id) f
        JOIN arrears_claimnow now USING (claim_id)
        WHERE now.versions <> (SELECT count(*) FROM arrears_claimfact x WHERE x.claim_id = f.claim_id)
    ) THEN
        PERFORM arrears.refuse('versions of a claim are numbered 1, 2, 3 without a gap');
    END IF;
    RETURN NULL;
END $$;
