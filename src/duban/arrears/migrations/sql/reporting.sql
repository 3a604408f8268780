-- A zero report is of a month that has ended and was not signed, and beside it stands no other one that was not
-- withdrawn: numbers run without a gap, and the next comes only after the last was taken back.
CREATE FUNCTION arrears.after_zero_reports() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh WHERE month + interval '1 month' > identity.today()) THEN
        PERFORM arrears.refuse('a zero report is of a month that has ended');
    END IF;
    IF EXISTS (
        SELECT FROM fresh f JOIN identity_scope s ON s.unit_id = f.unit_id
        JOIN arrears_closedmonth c ON c.scope_id = s.id WHERE f.month <= c.month
    ) THEN
        PERFORM arrears.refuse('that month is signed: nobody reports of it any more');
    END IF;
    IF EXISTS (
        SELECT FROM fresh f WHERE f.n < 1 OR f.n > 1 AND NOT EXISTS (
            SELECT FROM arrears_zeroreport b JOIN arrears_zerowithdrawal w ON w.report_id = b.id
            WHERE b.unit_id = f.unit_id AND b.month = f.month AND b.n = f.n - 1
        )
    ) THEN
        PERFORM arrears.refuse('the zero report before it has to be withdrawn first');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER after_zero_reports AFTER INSERT ON arrears_zeroreport REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION arrears.after_zero_reports();

-- A sheet is sealed only of what was entered.
CREATE FUNCTION arrears.after_sealed_sheets() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f JOIN arrears_statement s ON s.id = f.statement_id
        WHERE s.state <> 'accepted' OR s.scope_id <> f.scope_id
    ) THEN
        PERFORM arrears.refuse('a sheet is sealed of an accepted statement, in its scope');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER after_sealed_sheets AFTER INSERT ON arrears_sealedsheet REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION arrears.after_sealed_sheets();

REVOKE EXECUTE ON FUNCTION arrears.after_zero_reports, arrears.after_sealed_sheets FROM PUBLIC;

ALTER TABLE arrears_zeroreport ADD CONSTRAINT a_zero_report_is_in_one_scope UNIQUE (id, scope_id);
ALTER TABLE arrears_zerowithdrawal ADD CONSTRAINT a_withdrawal_is_in_its_reports_scope
    FOREIGN KEY (report_id, scope_id) REFERENCES arrears_zeroreport (id, scope_id);
