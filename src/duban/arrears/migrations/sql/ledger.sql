-- The ledger's own refusals and projections. Everything is checked per statement over transition tables, so that a
-- set-based import of a million rows is as safe as one click. Projections are written by these functions alone.

CREATE SCHEMA arrears;
GRANT USAGE ON SCHEMA arrears TO {application};

CREATE FUNCTION arrears.refuse(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation';
END $$;

-- What hangs on a claim is in the claim's scope and has its posting's instant: composite keys say so.
ALTER TABLE arrears_claimfact
    ADD CONSTRAINT a_fact_is_in_its_claims_scope FOREIGN KEY (claim_id, scope_id) REFERENCES arrears_claim (id, scope_id),
    ADD CONSTRAINT a_fact_is_recorded_with_its_posting FOREIGN KEY (posting_id, recorded_at) REFERENCES audit_posting (id, recorded_at);
ALTER TABLE arrears_transfer
    ADD CONSTRAINT a_transfer_is_in_its_claims_scope FOREIGN KEY (claim_id, scope_id) REFERENCES arrears_claim (id, scope_id),
    ADD CONSTRAINT a_transfer_is_recorded_with_its_posting FOREIGN KEY (posting_id, recorded_at) REFERENCES audit_posting (id, recorded_at);

CREATE FUNCTION arrears.after_facts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO arrears_claimnow AS now (
        claim_id, scope_id, debtor_id, creditor_id, ledger_no, debtor_name, creditor_name, debtor_kind, creditor_kind,
        category, project, contract_no, department, signed_on, due_on, note, versions, transfers,
        unsettled, not_due, undisputed, disputed, judicial, reported, cash, instrument, "offset", court, reduced
    )
    SELECT c.id, c.scope_id, c.debtor_id, c.creditor_id, f.ledger_no, f.debtor_name, f.creditor_name, f.debtor_kind,
        f.creditor_kind, f.category, f.project, f.contract_no, f.department, f.signed_on, f.due_on, f.note, f.n, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM (SELECT DISTINCT ON (claim_id) * FROM fresh ORDER BY claim_id, n DESC) f
    JOIN arrears_claim c ON c.id = f.claim_id
    ORDER BY c.id
    ON CONFLICT (claim_id) DO UPDATE SET
        ledger_no = excluded.ledger_no, debtor_name = excluded.debtor_name, creditor_name = excluded.creditor_name,
        debtor_kind = excluded.debtor_kind, creditor_kind = excluded.creditor_kind, category = excluded.category,
        project = excluded.project, contract_no = excluded.contract_no, department = excluded.department,
        signed_on = excluded.signed_on, due_on = excluded.due_on, note = excluded.note, versions = excluded.versions;
    IF EXISTS (
        SELECT FROM (SELECT claim_id FROM fresh GROUP BY claim_id) f
        JOIN arrears_claimnow now USING (claim_id)
        WHERE now.versions <> (SELECT count(*) FROM arrears_claimfact x WHERE x.claim_id = f.claim_id)
    ) THEN
        PERFORM arrears.refuse('versions of a claim are numbered 1, 2, 3 without a gap');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER after_facts AFTER INSERT ON arrears_claimfact REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION arrears.after_facts();

CREATE FUNCTION arrears.scope_key(scope bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog RETURN (scope % 2147483647)::int;

CREATE FUNCTION arrears.after_transfers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- One writer a claim: a second one waits here, in the order of claims so that two imports cannot block each other,
    -- and everything below sees what the first one did.
    PERFORM FROM arrears_claimnow WHERE claim_id IN (SELECT claim_id FROM fresh) ORDER BY claim_id FOR NO KEY UPDATE;
    -- A month of a scope closes under the same lock, held exclusively.
    PERFORM pg_advisory_xact_lock_shared(7030203, arrears.scope_key(scope_id))
    FROM (SELECT DISTINCT scope_id FROM fresh ORDER BY scope_id) scopes;

    IF EXISTS (SELECT FROM fresh WHERE effective_on > identity.today() OR value_on > identity.today()) THEN
        PERFORM arrears.refuse('a transfer cannot take effect on a day that has not come (Asia/Shanghai)');
    END IF;
    IF EXISTS (
        SELECT FROM fresh f JOIN arrears_closedmonth c ON c.scope_id = f.scope_id
        WHERE f.effective_on < c.month + interval '1 month'
    ) THEN
        PERFORM arrears.refuse('that month is closed: enter it on the first open day and keep its value day');
    END IF;
    IF EXISTS (
        SELECT FROM fresh f LEFT JOIN arrears_transfer o ON o.id = f.reverses_id
        WHERE f.reverses_id IS NOT NULL AND (
            o.reverses_id IS NOT NULL OR (o.claim_id, o.source, o.destination) IS DISTINCT FROM (f.claim_id, f.destination, f.source)
            OR o.amount < (SELECT sum(r.amount) FROM arrears_transfer r WHERE r.reverses_id = o.id)
        )
    ) THEN
        PERFORM arrears.refuse('a reversal goes back on the same claim between the same accounts, by no more than was moved');
    END IF;

    -- What was known of a claim at an instant is its first so many transfers: they are numbered as they were recorded.
    IF EXISTS (
        SELECT FROM (
            SELECT claim_id, min(recorded_at) AS recorded_at, count(DISTINCT posting_id) AS postings FROM fresh GROUP BY claim_id
        ) f
        JOIN arrears_claimnow now USING (claim_id)
        WHERE f.postings > 1 OR f.recorded_at < now.last_recorded_at
    ) THEN
        PERFORM arrears.refuse('a later posting is on the claim already: hold the claim first, then open the posting');
    END IF;

    -- A balance is looked at on every day only where days are no longer in order; otherwise today's balance tells.
    IF EXISTS (
        SELECT FROM (
            SELECT leg.account, t.claim_id, t.effective_on,
                sum(sum(leg.signed)) OVER (PARTITION BY t.claim_id, leg.account ORDER BY t.effective_on) AS running
            FROM arrears_transfer t
            CROSS JOIN LATERAL (VALUES (t.source, -t.amount), (t.destination, t.amount)) leg (account, signed)
            WHERE leg.account <> 'recognised' AND t.claim_id IN (
                SELECT f.claim_id FROM fresh f JOIN arrears_claimnow now USING (claim_id)
                GROUP BY f.claim_id, now.last_effective_on
                HAVING min(f.effective_on) < greatest(max(f.effective_on), now.last_effective_on)
            )
            GROUP BY t.claim_id, leg.account, t.effective_on
        ) days WHERE running < 0
    ) THEN
        PERFORM arrears.refuse('a balance would be below zero on some day');
    END IF;

    UPDATE arrears_claimnow now SET
        unsettled = now.unsettled + d.unsettled, not_due = now.not_due + d.not_due,
        undisputed = now.undisputed + d.undisputed, disputed = now.disputed + d.disputed,
        judicial = now.judicial + d.judicial, reported = now.reported + d.reported, cash = now.cash + d.cash,
        instrument = now.instrument + d.instrument, "offset" = now."offset" + d."offset", court = now.court + d.court,
        reduced = now.reduced + d.reduced, transfers = now.transfers + d.count,
        last_effective_on = greatest(now.last_effective_on, d.last_on), last_recorded_at = d.recorded_at
    FROM (
        SELECT claim_id, count(*) AS count, max(effective_on) AS last_on, min(recorded_at) AS recorded_at,
            sum(CASE WHEN destination = 'unsettled' THEN amount WHEN source = 'unsettled' THEN -amount ELSE 0 END) AS unsettled,
            sum(CASE WHEN destination = 'not_due' THEN amount WHEN source = 'not_due' THEN -amount ELSE 0 END) AS not_due,
            sum(CASE WHEN destination = 'undisputed' THEN amount WHEN source = 'undisputed' THEN -amount ELSE 0 END) AS undisputed,
            sum(CASE WHEN destination = 'disputed' THEN amount WHEN source = 'disputed' THEN -amount ELSE 0 END) AS disputed,
            sum(CASE WHEN destination = 'judicial' THEN amount WHEN source = 'judicial' THEN -amount ELSE 0 END) AS judicial,
            sum(CASE WHEN destination = 'reported' THEN amount WHEN source = 'reported' THEN -amount ELSE 0 END) AS reported,
            sum(CASE WHEN destination = 'cash' THEN amount WHEN source = 'cash' THEN -amount ELSE 0 END) AS cash,
            sum(CASE WHEN destination = 'instrument' THEN amount WHEN source = 'instrument' THEN -amount ELSE 0 END) AS instrument,
            sum(CASE WHEN destination = 'offset' THEN amount WHEN source = 'offset' THEN -amount ELSE 0 END) AS "offset",
            sum(CASE WHEN destination = 'court' THEN amount WHEN source = 'court' THEN -amount ELSE 0 END) AS court,
            sum(CASE WHEN destination = 'reduced' THEN amount WHEN source = 'reduced' THEN -amount ELSE 0 END) AS reduced
        FROM fresh GROUP BY claim_id
    ) d WHERE d.claim_id = now.claim_id;

    -- Numbers run without a gap: the highest number of a claim is the count of its transfers.
    IF EXISTS (
        SELECT FROM (SELECT claim_id, max(n) AS last, max(n) - min(n) + 1 AS span, count(*) AS count FROM fresh GROUP BY claim_id) f
        LEFT JOIN arrears_claimnow now USING (claim_id)
        WHERE f.last IS DISTINCT FROM now.transfers OR f.span <> f.count
    ) THEN
        PERFORM arrears.refuse('transfers of a claim are numbered 1, 2, 3 without a gap, after its facts');
    END IF;

    -- A claim counts from the day on which something of it is recognised, and no longer where all of it was reversed.
    -- A transfer of an earlier day can change the count on later days, too: the difference is noted.
    INSERT INTO arrears_flow (scope_id, posting_id, kind, recorded_at, effective_on, account, amount, claims)
    WITH contra AS (
        SELECT t.claim_id, t.effective_on,
            sum(CASE t.source WHEN 'recognised' THEN t.amount ELSE -t.amount END) AS present,
            sum(CASE WHEN f.id IS NOT NULL THEN 0 WHEN t.source = 'recognised' THEN t.amount ELSE -t.amount END) AS before
        FROM arrears_transfer t LEFT JOIN fresh f ON f.id = t.id
        WHERE 'recognised' IN (t.source, t.destination)
          AND t.claim_id IN (SELECT claim_id FROM fresh WHERE 'recognised' IN (source, destination))
        GROUP BY t.claim_id, t.effective_on
    ), standing AS (
        SELECT claim_id, effective_on,
            (sum(present) OVER days > 0)::int AS present, (sum(before) OVER days > 0)::int AS before
        FROM contra WINDOW days AS (PARTITION BY claim_id ORDER BY effective_on)
    ), steps AS (
        SELECT claim_id, effective_on,
            present - lag(present, 1, 0) OVER days - (before - lag(before, 1, 0) OVER days) AS step
        FROM standing WINDOW days AS (PARTITION BY claim_id ORDER BY effective_on)
    ), of_claim AS (
        SELECT claim_id, min(scope_id) AS scope_id, min(posting_id) AS posting_id FROM fresh GROUP BY claim_id
    ), legs AS (
        SELECT f.scope_id, f.posting_id, f.effective_on, leg.account, leg.signed, 0 AS step
        FROM fresh f CROSS JOIN LATERAL (VALUES (f.source, -f.amount), (f.destination, f.amount)) leg (account, signed)
        UNION ALL
        SELECT c.scope_id, c.posting_id, s.effective_on, 'recognised', 0, s.step
        FROM steps s JOIN of_claim c USING (claim_id) WHERE s.step <> 0
    )
    SELECT l.scope_id, l.posting_id, p.kind, p.recorded_at, l.effective_on, l.account, sum(l.signed), sum(l.step)
    FROM legs l JOIN audit_posting p ON p.id = l.posting_id
    GROUP BY l.scope_id, l.posting_id, p.kind, p.recorded_at, l.effective_on, l.account
    HAVING sum(l.signed) <> 0 OR sum(l.step) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER after_transfers AFTER INSERT ON arrears_transfer REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION arrears.after_transfers();

-- A month closes when every posting that is on its way is in or undone; what comes later finds it closed.
CREATE FUNCTION arrears.before_close() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7030203, arrears.scope_key(NEW.scope_id));
    RETURN NEW;
END $$;
CREATE TRIGGER before_close BEFORE INSERT ON arrears_closedmonth FOR EACH ROW EXECUTE FUNCTION arrears.before_close();

-- A posting that was committed is closed: nothing joins it afterwards, or a signed instant could gain rows.
CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_contract REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();
CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_claim REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();
CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_claimfact REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();
CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_transfer REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();

-- Only added, by anybody, the owner included.
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_contract FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_part FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE DELETE OR TRUNCATE ON arrears_statement FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_transfer FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_claimfact FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_claim FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_closedmonth FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_statementrow FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_finding FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

-- The claims that the reader sees and whose debtor or creditor name holds a text. Names are searched in the narrow
-- register first: a LIKE is not leakproof, so under row security it would be asked of every claim.
CREATE FUNCTION arrears.claims_named(fragment text, at_most int) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT claim_id FROM arrears_claimnow
    WHERE (debtor_id IN (SELECT id FROM register_party WHERE strpos(name_key, lower(fragment)) > 0 LIMIT at_most)
           OR creditor_id IN (SELECT id FROM register_party WHERE strpos(name_key, lower(fragment)) > 0 LIMIT at_most))
      AND (scope_id IN (SELECT identity.my_scopes())
           OR debtor_id = (SELECT identity.my_party()) OR creditor_id = (SELECT identity.my_party()))
    LIMIT at_most
$$;

-- Hold claims for the rest of the transaction, in order, so that what is read of them stays true until it is posted.
CREATE FUNCTION arrears.hold_claims(ids bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT FROM arrears_claimnow
    WHERE claim_id = ANY (ids) AND scope_id IN (SELECT identity.my_posting_scopes())
    ORDER BY claim_id FOR NO KEY UPDATE
$$;

-- The same for all claims of a reporter.
CREATE FUNCTION arrears.hold_claims_of(unit bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT FROM arrears_claimnow
    WHERE scope_id IN (SELECT id FROM identity_scope WHERE unit_id = unit)
      AND scope_id IN (SELECT identity.my_posting_scopes())
    ORDER BY claim_id FOR NO KEY UPDATE
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA arrears FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arrears.claims_named, arrears.hold_claims, arrears.hold_claims_of, arrears.scope_key TO {application};
