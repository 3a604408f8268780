-- Add up the flows that no fold has yet, if there are so many, and keep the two latest folds: a position that chose one
-- a moment ago still finds it. Nothing is done while a posting is open, since its flows have ids already; nor by two
-- at once, nor twice within a minute. Returns whether a fold was made.
CREATE FUNCTION arrears.fold_flows(at_least int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    newest arrears_fold;
    until_flow bigint;
    until_instant timestamptz;
BEGIN
    IF NOT pg_try_advisory_xact_lock(7030205) OR NOT pg_try_advisory_xact_lock(audit.lock_key()) THEN
        RETURN false;
    END IF;
    SELECT * INTO newest FROM arrears_fold ORDER BY last_flow DESC LIMIT 1;
    SELECT max(id), max(recorded_at) INTO until_flow, until_instant
    FROM arrears_flow WHERE id > coalesce(newest.last_flow, 0) HAVING count(*) >= at_least;
    IF until_flow IS NULL OR newest.made_at > clock_timestamp() - interval '1 minute' THEN
        RETURN false;
    END IF;
    INSERT INTO arrears_fold (last_flow, recorded_until, made_at)
    VALUES (until_flow, greatest(newest.recorded_until, until_instant), clock_timestamp());
    INSERT INTO arrears_foldedflow (fold_id, scope_id, account, amount, claims)
    SELECT until_flow, scope_id, account, sum(amount), sum(claims) FROM (
        SELECT scope_id, account, amount, claims FROM arrears_foldedflow WHERE fold_id = newest.last_flow
        UNION ALL
        SELECT scope_id, account, amount, claims FROM arrears_flow WHERE id > coalesce(newest.last_flow, 0)
    ) flows
    GROUP BY scope_id, account;
    DELETE FROM arrears_foldedflow WHERE fold_id < newest.last_flow;
    DELETE FROM arrears_fold WHERE last_flow < newest.last_flow;
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION arrears.fold_flows FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arrears.fold_flows TO {application};
