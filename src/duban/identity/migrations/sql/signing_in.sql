-- Signing in. The application checks passwords and proves by the key that it did; SQL alone can neither read a
-- password's hash, nor lock a name, nor open a session, nor set a password.

-- Passwords, apart from people: no query of the application reaches them.
CREATE TABLE identity_credential (
    person_id bigint PRIMARY KEY REFERENCES identity_person,
    password text NOT NULL,
    must_change boolean NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE identity_refused_sign_in (
    name text NOT NULL,
    address text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX identity_refused_sign_in_name ON identity_refused_sign_in (name, at);

-- Thresholds for signing in, dated and with their source.
CREATE TABLE identity_security_rule (
    valid_from date PRIMARY KEY,
    failures int NOT NULL,
    lock_for interval NOT NULL,
    idle interval NOT NULL,
    session_lasts interval NOT NULL,
    password_length int NOT NULL,
    password_classes int NOT NULL,
    password_lasts interval NOT NULL,
    source text NOT NULL
);
INSERT INTO identity_security_rule VALUES (
    '2019-12-01', 5, '15 minutes', '30 minutes', '12 hours', 8, 3, '90 days',
    'GB/T 22239-2019 第二级；取值为测评常用值'
);

CREATE FUNCTION identity.security_rule() RETURNS identity_security_rule
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r FROM identity_security_rule r WHERE valid_from <= identity.today() ORDER BY valid_from DESC LIMIT 1
$$;

CREATE FUNCTION identity.must_prove(message text, proof text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF identity.proves(message, proof) IS NOT TRUE THEN
        RAISE EXCEPTION 'only the application does this, and proves it by its key'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- The local operator is whoever can read the data folder: it has no password, and nobody appoints, ends or renames it.
CREATE FUNCTION identity.refuse_operator(of_person bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM identity_appointment WHERE person_id = of_person AND role = 'operator') THEN
        RAISE EXCEPTION 'the local operator is changed by nobody' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- What a password is checked against, and how many refusals in a row the name has had. One row, whether there is such a
-- person or not. Attempts on one name come one after the other: the lock is held to the end of the transaction.
--
-- A name is locked from its last refusal on; refusals count that lie no longer than the lock before the last one.
CREATE FUNCTION identity.sign_in_candidate(of_name text, proof text)
RETURNS TABLE (person_id bigint, password text, failures int, last_failure timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lock_for interval := (identity.security_rule()).lock_for;
BEGIN
    PERFORM identity.must_prove('sign-in.' || of_name, proof);
    PERFORM pg_advisory_xact_lock(7030204, hashtext(of_name));
    RETURN QUERY
    WITH latest AS (SELECT max(r.at) AS at FROM identity_refused_sign_in r WHERE r.name = of_name)
    SELECT c.person_id, c.password, (
        SELECT count(*)::int FROM identity_refused_sign_in r
        WHERE r.name = of_name AND r.at > latest.at - lock_for AND latest.at > clock_timestamp() - lock_for
    ), latest.at
    FROM latest
    LEFT JOIN identity_person p ON p.name = of_name AND p.active
    LEFT JOIN identity_credential c ON c.person_id = p.id;
END $$;

CREATE FUNCTION identity.note_refused_sign_in(of_name text, from_address text, proof text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM identity.must_prove('sign-in.' || of_name, proof);
    INSERT INTO identity_refused_sign_in (name, address) VALUES (of_name, left(from_address, 64));
END $$;

-- Returns the appointment that the session acts under, or null when the person holds none in force.
CREATE FUNCTION identity.open_session(
    of_person bigint, of_appointment bigint, hash bytea, proof text, from_address text, by_agent text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    rule record;
    opened record;
BEGIN
    PERFORM identity.must_prove('session.' || of_person || '.' || encode(hash, 'hex'), proof);
    SELECT * INTO rule FROM identity.security_rule();
    INSERT INTO identity_session (token_hash, person_id, appointment_id, idle, ends_at, address, agent)
    SELECT hash, of_person, a.id, rule.idle, clock_timestamp() + rule.session_lasts, left(from_address, 64), left(by_agent, 200)
    FROM identity_appointment a JOIN identity_person p ON p.id = a.person_id AND p.active
    WHERE a.person_id = of_person AND identity.in_force(a.valid_from, a.valid_to, a.revoked_at)
      AND (of_appointment IS NULL OR a.id = of_appointment)
    -- Where a person holds several, the one used last.
    ORDER BY (SELECT max(s.id) FROM identity_session s WHERE s.appointment_id = a.id) DESC NULLS LAST, a.id
    LIMIT 1
    RETURNING id, appointment_id INTO opened;
    IF opened.id IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO identity_session_seen (session_id) VALUES (opened.id);
    DELETE FROM identity_refused_sign_in WHERE name = (SELECT name FROM identity_person WHERE id = of_person);
    RETURN opened.appointment_id;
END $$;

CREATE FUNCTION identity.end_session(token text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE identity_session SET ended_at = clock_timestamp()
    WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND ended_at IS NULL
$$;

-- Change to another appointment of the same person; true when it is theirs and in force.
CREATE FUNCTION identity.change_appointment(token text, to_appointment bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE identity_session s SET appointment_id = a.id
    FROM identity_appointment a
    WHERE s.token_hash = sha256(convert_to(token, 'UTF8')) AND s.ended_at IS NULL AND s.ends_at > clock_timestamp()
      AND a.id = to_appointment AND a.person_id = s.person_id
      AND identity.in_force(a.valid_from, a.valid_to, a.revoked_at);
    RETURN FOUND;
END $$;

-- Set one's own password, or anybody's first one as the security administrator or the local operator. Every other
-- session of the person ends.
CREATE FUNCTION identity.set_password(of_person bigint, hash text, change_next boolean, proof text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM identity.must_prove('password.' || of_person || '.' || hash, proof);
    IF of_person IS DISTINCT FROM identity.my_person()
       AND coalesce(identity.my_role(), '') NOT IN ('operator', 'security_admin') THEN
        RAISE EXCEPTION 'this appointment may not set that password' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM identity.refuse_operator(of_person);
    INSERT INTO identity_credential (person_id, password, must_change) VALUES (of_person, hash, change_next)
    ON CONFLICT (person_id) DO UPDATE
        SET password = excluded.password, must_change = excluded.must_change, changed_at = clock_timestamp();
    UPDATE identity_session SET ended_at = clock_timestamp()
    WHERE person_id = of_person AND ended_at IS NULL
      AND id IS DISTINCT FROM (SELECT session_id FROM identity_entry WHERE pid = pg_backend_pid());
END $$;

-- The password of the person of this transaction: whether it must be changed before anything else.
CREATE FUNCTION identity.my_password() RETURNS TABLE (must_change boolean, changed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT must_change, changed_at FROM identity_credential WHERE person_id = identity.my_person()
$$;

-- End an appointment: its sight goes in the same transaction, and what still runs under it sees nothing more.
CREATE FUNCTION identity.end_appointment(of_appointment bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(identity.my_role(), '') NOT IN ('operator', 'security_admin') THEN
        RAISE EXCEPTION 'this appointment may not end another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM identity.refuse_operator((SELECT person_id FROM identity_appointment WHERE id = of_appointment));
    UPDATE identity_appointment SET revoked_at = clock_timestamp() WHERE id = of_appointment AND revoked_at IS NULL;
    DELETE FROM identity_sight WHERE appointment_id = of_appointment;
    UPDATE identity_session SET ended_at = clock_timestamp() WHERE appointment_id = of_appointment AND ended_at IS NULL;
END $$;

-- Let a person in, or no longer; what still runs under any of the person's appointments sees nothing more.
CREATE FUNCTION identity.set_active(of_person bigint, is_active boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(identity.my_role(), '') NOT IN ('operator', 'security_admin') THEN
        RAISE EXCEPTION 'this appointment manages no people' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM identity.refuse_operator(of_person);
    UPDATE identity_person SET active = is_active WHERE id = of_person;
    UPDATE identity_session SET ended_at = clock_timestamp()
    WHERE NOT is_active AND person_id = of_person AND ended_at IS NULL;
END $$;

-- Everything here is for the owner's own functions, except what is named.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA identity FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    identity.today, identity.enter, identity.leave, identity.my_appointment, identity.my_person, identity.my_role,
    identity.my_party, identity.my_scopes, identity.my_posting_scopes, identity.is_business, identity.give_grant,
    identity.refresh_sight, identity.scope_of, identity.security_rule, identity.sign_in_candidate,
    identity.note_refused_sign_in, identity.open_session, identity.end_session, identity.change_appointment,
    identity.set_password, identity.my_password, identity.end_appointment, identity.set_active
TO {application};
