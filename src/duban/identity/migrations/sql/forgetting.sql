-- Forget what opens nothing any more and what no lock looks at: sessions and grants that are over, refused sign-ins. The
-- trail keeps who signed in and who was refused. How long they are kept is not the caller's choice: whoever could forget
-- refused sign-ins at once could try passwords for ever.
CREATE FUNCTION identity.forget_spent() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    long_ago timestamptz := clock_timestamp()
        - greatest(interval '30 days', (SELECT max(lock_for) FROM identity_security_rule));
    over_long_ago bigint[] := ARRAY(
        SELECT id FROM identity_session WHERE least(ended_at, ends_at) < long_ago
    );
BEGIN
    DELETE FROM identity_session_seen WHERE session_id = ANY (over_long_ago);
    DELETE FROM identity_session WHERE id = ANY (over_long_ago);
    DELETE FROM identity_grant WHERE expires_at < long_ago;
    DELETE FROM identity_refused_sign_in WHERE at < long_ago;
END $$;
REVOKE EXECUTE ON FUNCTION identity.forget_spent FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.forget_spent TO {application};
