-- What hangs on a claim is in the claim's scope, and a transfer belongs only to a payment of its own claim.
ALTER TABLE arrears_settlement
    ADD CONSTRAINT a_payment_is_in_its_claims_scope FOREIGN KEY (claim_id, scope_id) REFERENCES arrears_claim (id, scope_id),
    ADD CONSTRAINT a_payment_is_of_one_claim UNIQUE (id, claim_id),
    ADD CONSTRAINT a_payment_is_in_one_scope UNIQUE (id, scope_id);
ALTER TABLE arrears_settlementevent
    ADD CONSTRAINT an_event_is_in_its_payments_scope FOREIGN KEY (settlement_id, scope_id) REFERENCES arrears_settlement (id, scope_id);
ALTER TABLE arrears_transfer
    ADD CONSTRAINT a_transfer_pays_its_own_claim FOREIGN KEY (settlement_id, claim_id) REFERENCES arrears_settlement (id, claim_id);
ALTER TABLE arrears_claimlink
    ADD CONSTRAINT a_link_is_in_its_claims_scope FOREIGN KEY (from_claim_id, scope_id) REFERENCES arrears_claim (id, scope_id),
    ADD CONSTRAINT a_link_stays_in_its_scope FOREIGN KEY (to_claim_id, scope_id) REFERENCES arrears_claim (id, scope_id);
ALTER TABLE arrears_evidence
    ADD CONSTRAINT evidence_is_in_its_claims_scope FOREIGN KEY (claim_id, scope_id) REFERENCES arrears_claim (id, scope_id);

-- A payment is stated first; events run without a gap, and none follows where the table of steps does not lead.
CREATE FUNCTION arrears.after_events() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f
        LEFT JOIN arrears_settlementevent b ON b.settlement_id = f.settlement_id AND b.n = f.n - 1
        WHERE f.n = 1 AND f.step <> 'stated' OR f.n > 1 AND (b.step, f.step) NOT IN (
            ('stated', 'evidenced'), ('stated', 'denied'), ('evidenced', 'evidenced'), ('evidenced', 'confirmed'),
            ('evidenced', 'denied'), ('confirmed', 'dishonoured')
        ) IS NOT FALSE
    ) THEN
        PERFORM arrears.refuse('that does not follow from where the payment stands');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER after_events AFTER INSERT ON arrears_settlementevent REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION arrears.after_events();
REVOKE EXECUTE ON FUNCTION arrears.after_events FROM PUBLIC;

CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_settlement REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();
CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_settlementevent REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();
CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_claimlink REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();
CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_evidence REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();

CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_settlement FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_settlementevent FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_claimlink FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_evidence FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
