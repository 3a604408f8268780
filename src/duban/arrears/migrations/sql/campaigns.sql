-- What belongs to a campaign is in the campaign's scope or in its claim's, and hangs on the posting that it names.
ALTER TABLE arrears_campaignclause ADD CONSTRAINT a_clause_is_in_its_campaigns_scope
    FOREIGN KEY (campaign_id, scope_id) REFERENCES arrears_campaign (id, scope_id);
ALTER TABLE arrears_baseorder ADD CONSTRAINT an_order_is_in_its_campaigns_scope
    FOREIGN KEY (campaign_id, scope_id) REFERENCES arrears_campaign (id, scope_id);
ALTER TABLE arrears_campaignmember
    ADD CONSTRAINT a_member_is_in_its_claims_scope FOREIGN KEY (claim_id, scope_id) REFERENCES arrears_claim (id, scope_id),
    ADD CONSTRAINT odd_steps_of_a_member_enter CHECK (enters = (n % 2 = 1));
ALTER TABLE arrears_baseline
    ADD CONSTRAINT a_base_is_in_its_claims_scope FOREIGN KEY (claim_id, scope_id) REFERENCES arrears_claim (id, scope_id),
    ADD CONSTRAINT a_base_is_posted_with_its_order FOREIGN KEY (order_id, posting_id) REFERENCES arrears_baseorder (id, posting_id),
    ADD CONSTRAINT parts_of_a_base_add_up CHECK (
        unsettled + not_due + undisputed + disputed + judicial + cleared = CASE WHEN by_hand THEN 0 ELSE after END);

-- A claim enters before it leaves, and no step is of a day before the one it follows.
CREATE FUNCTION arrears.after_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f
        LEFT JOIN arrears_campaignmember b ON b.campaign_id = f.campaign_id AND b.claim_id = f.claim_id AND b.n = f.n - 1
        WHERE f.n > 1 AND (b.since <= f.since) IS NOT TRUE OR f.n < 1
    ) THEN
        PERFORM arrears.refuse('a claim enters a campaign and leaves it in turn, on days that follow each other');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER after_members AFTER INSERT ON arrears_campaignmember REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION arrears.after_members();

-- The orders of a campaign that were approved.
CREATE FUNCTION arrears.approved_orders(of_campaign bigint) RETURNS TABLE (id bigint, number int, kind text, effective_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, o.number, o.kind, o.effective_on
    FROM arrears_baseorder o JOIN arrears_basedecision d ON d.order_id = o.id
    WHERE o.campaign_id = of_campaign AND d.is_approved
$$;

-- Orders are numbered without a gap; each waits for the one before it to be decided. The first to be approved
-- establishes the base, and no other does.
CREATE FUNCTION arrears.after_orders() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f
        WHERE f.number <> (SELECT count(*) FROM arrears_baseorder o WHERE o.campaign_id = f.campaign_id)
           OR EXISTS (
                SELECT FROM arrears_baseorder o LEFT JOIN arrears_basedecision d ON d.order_id = o.id
                WHERE o.campaign_id = f.campaign_id AND o.id <> f.id AND d.id IS NULL)
           OR (f.kind = 'established') = EXISTS (SELECT FROM arrears.approved_orders(f.campaign_id))
           OR f.effective_on < (SELECT max(a.effective_on) FROM arrears.approved_orders(f.campaign_id) a)
    ) THEN
        PERFORM arrears.refuse('the orders of a campaign follow each other, and the first establishes its base');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER after_orders AFTER INSERT ON arrears_baseorder REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION arrears.after_orders();

-- Another person approves than drafted; and what the order says was before is what the base is.
CREATE FUNCTION arrears.after_decisions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f
        JOIN arrears_baseorder o ON o.id = f.order_id
        JOIN audit_posting drafted ON drafted.id = o.posting_id
        JOIN identity_appointment drafter ON drafter.id = drafted.appointment_id
        JOIN audit_posting decided ON decided.id = f.posting_id
        JOIN identity_appointment decider ON decider.id = decided.appointment_id
        WHERE o.scope_id <> f.scope_id OR f.is_approved AND drafter.person_id = decider.person_id
    ) THEN
        PERFORM arrears.refuse('an order on the base is approved by another person than drafted it');
    END IF;
    IF EXISTS (
        WITH o AS (
            SELECT o.id, o.campaign_id, o.number FROM fresh f JOIN arrears_baseorder o ON o.id = f.order_id
            WHERE f.is_approved
        ), was AS (
            SELECT DISTINCT ON (o.id, b.claim_id) o.id AS order_id, b.claim_id, b.after
            FROM o
            JOIN arrears_baseorder e ON e.campaign_id = o.campaign_id AND e.number < o.number
            JOIN arrears_basedecision d ON d.order_id = e.id AND d.is_approved
            JOIN arrears_baseline b ON b.order_id = e.id
            WHERE b.claim_id IN (SELECT l.claim_id FROM arrears_baseline l JOIN o p ON p.id = l.order_id)
            ORDER BY o.id, b.claim_id, e.number DESC
        )
        SELECT FROM o JOIN arrears_baseline l ON l.order_id = o.id
        LEFT JOIN was ON was.order_id = o.id AND was.claim_id = l.claim_id
        WHERE l.before <> coalesce(was.after, 0)
    ) THEN
        PERFORM arrears.refuse('the order says another base before it than the one there is');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER after_decisions AFTER INSERT ON arrears_basedecision REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION arrears.after_decisions();

-- Hold a campaign for the rest of the transaction: who comes second waits, and sees what the first one did.
CREATE FUNCTION arrears.hold_campaign(wanted bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT FROM arrears_campaign
    WHERE id = wanted AND scope_id IN (SELECT identity.my_posting_scopes()) FOR NO KEY UPDATE
$$;

REVOKE EXECUTE ON FUNCTION arrears.after_members, arrears.after_orders, arrears.after_decisions,
    arrears.approved_orders, arrears.hold_campaign FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arrears.hold_campaign TO {application};
