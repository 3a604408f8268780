-- The door. A transaction says who it is once, by a token; what it said is recorded where the application role cannot
-- write, and every policy reads only that record. Functions here run as their owner (SECURITY DEFINER) with a pinned
-- search path, so nothing in a session can stand in for what they name.

CREATE SCHEMA identity;
GRANT USAGE ON SCHEMA identity TO {application};

-- Passwords, apart from people: no query of the application reaches them.
CREATE TABLE identity_credential (
    person_id bigint PRIMARY KEY REFERENCES identity_person,
    password text NOT NULL,
    must_change boolean NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE identity_session (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    person_id bigint NOT NULL REFERENCES identity_person,
    appointment_id bigint NOT NULL REFERENCES identity_appointment,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    idle interval NOT NULL,
    ends_at timestamptz NOT NULL,
    ended_at timestamptz,
    address text NOT NULL,
    agent text NOT NULL
);
CREATE INDEX identity_session_person ON identity_session (person_id) WHERE ended_at IS NULL;

-- A permission for one later job, given by an appointment to itself. The job's token proves the purpose too, so a grant
-- read from the queue cannot be used for another job.
CREATE TABLE identity_grant (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    appointment_id bigint NOT NULL REFERENCES identity_appointment,
    purpose text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
);

CREATE TABLE identity_refused_sign_in (
    name text NOT NULL,
    address text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX identity_refused_sign_in_name ON identity_refused_sign_in (name, at);

-- The key by which the application proves that it checked a password; two halves of an HMAC, readable by the owner.
CREATE TABLE identity_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL
);

-- Who is in which transaction. One row a connection; it counts only for the transaction that wrote it.
CREATE UNLOGGED TABLE identity_entry (
    pid int PRIMARY KEY,
    xid xid8 NOT NULL,
    appointment_id bigint NOT NULL,
    session_id bigint
) WITH (fillfactor = 50);

CREATE FUNCTION identity.today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog
RETURN (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;

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

CREATE FUNCTION identity.proves(message text, proof text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT encode(sha256(outer_pad || sha256(inner_pad || convert_to(message, 'UTF8'))), 'hex') = proof
    FROM identity_key
$$;

CREATE FUNCTION identity.in_force(valid_from date, valid_to date, revoked_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog
RETURN revoked_at IS NULL AND valid_from <= identity.today() AND (valid_to IS NULL OR identity.today() < valid_to);

-- Enter the running transaction. `active` is false for what a page asks by itself, so that an open page does not keep
-- a session alive. Returns the appointment, or null: then the transaction sees and writes nothing.
CREATE FUNCTION identity.enter(token text, active boolean DEFAULT true) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_session bigint;
    of_appointment bigint;
BEGIN
    IF token LIKE 'job.%' THEN
        SELECT g.appointment_id INTO of_appointment
        FROM identity_grant g
        WHERE g.id::text = split_part(token, '.', 2) AND g.expires_at > clock_timestamp()
          AND identity.proves('job.' || g.id || '.' || g.purpose, split_part(token, '.', 3));
    ELSE
        SELECT s.id, s.appointment_id INTO of_session, of_appointment
        FROM identity_session s
        WHERE s.token_hash = sha256(convert_to(token, 'UTF8')) AND s.ended_at IS NULL
          AND s.last_seen_at + s.idle > clock_timestamp() AND s.ends_at > clock_timestamp();
        IF active AND of_session IS NOT NULL THEN
            UPDATE identity_session SET last_seen_at = clock_timestamp()
            WHERE id = (
                SELECT id FROM identity_session
                WHERE id = of_session AND last_seen_at < clock_timestamp() - interval '1 minute'
                FOR UPDATE SKIP LOCKED
            );
        END IF;
    END IF;
    DELETE FROM identity_entry WHERE pid = pg_backend_pid();
    IF of_appointment IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO identity_entry VALUES (pg_backend_pid(), pg_current_xact_id(), of_appointment, of_session);
    RETURN identity.my_appointment();
END $$;

CREATE FUNCTION identity.leave() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM identity_entry WHERE pid = pg_backend_pid()
$$;

-- The appointment of this transaction, as long as it is in force: asked again by every statement, so a revoked or
-- expired appointment sees nothing from its next statement on.
CREATE FUNCTION identity.my_appointment() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.id
    FROM identity_entry e
    JOIN identity_appointment a ON a.id = e.appointment_id
    JOIN identity_person p ON p.id = a.person_id
    LEFT JOIN identity_session s ON s.id = e.session_id
    WHERE e.pid = pg_backend_pid() AND e.xid = pg_current_xact_id_if_assigned()
      AND identity.in_force(a.valid_from, a.valid_to, a.revoked_at) AND p.active AND s.ended_at IS NULL
$$;

CREATE FUNCTION identity.my_person() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT person_id FROM identity_appointment WHERE id = identity.my_appointment()
$$;

CREATE FUNCTION identity.my_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT role FROM identity_appointment WHERE id = identity.my_appointment()
$$;

CREATE FUNCTION identity.my_party() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT party_id FROM identity_appointment WHERE id = identity.my_appointment()
$$;

CREATE FUNCTION identity.my_scopes() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 500 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT scope_id FROM identity_sight WHERE appointment_id = identity.my_appointment()
$$;

CREATE FUNCTION identity.my_posting_scopes() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED ROWS 500 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT scope_id FROM identity_sight WHERE appointment_id = identity.my_appointment() AND may_post
$$;

-- What a role reaches; `duban.identity.rules.POWERS` says the same in Python, and a test compares the two.
CREATE TABLE identity_reach (
    role text PRIMARY KEY,
    reach text NOT NULL CHECK (reach IN ('territory', 'line', 'own', 'nothing')),
    may_post boolean NOT NULL
);
INSERT INTO identity_reach VALUES
    ('leader', 'territory', false), ('office', 'territory', true), ('department', 'line', true),
    ('finance', 'territory', false), ('debtor', 'own', true), ('enterprise', 'nothing', false),
    ('auditor', 'territory', false), ('system_admin', 'nothing', false), ('security_admin', 'nothing', false),
    ('audit_admin', 'nothing', false), ('operator', 'territory', true);

-- Whether this appointment's role deals with business rows at all (the three administrators do not).
CREATE FUNCTION identity.is_business() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce((SELECT reach <> 'nothing' FROM identity_reach WHERE role = identity.my_role()), false)
$$;

-- The region that a unit answers for: itself, or the nearest one above it.
CREATE FUNCTION identity.territory_of(unit bigint) RETURNS ltree
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT above.path FROM identity_unit u JOIN identity_unit above ON u.path <@ above.path AND above.is_territory
    WHERE u.id = unit ORDER BY nlevel(above.path) DESC LIMIT 1
$$;

-- Work out sight again: for one appointment, for one scope, or (both null) for all. Anybody may call it; it only
-- ever writes what the tree and the appointments say.
CREATE FUNCTION identity.refresh_sight(of_appointment bigint DEFAULT NULL, of_scope bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM identity_sight
    WHERE (of_appointment IS NULL OR appointment_id = of_appointment) AND (of_scope IS NULL OR scope_id = of_scope);
    INSERT INTO identity_sight (appointment_id, scope_id, may_post)
    SELECT a.id, s.id, r.may_post
    FROM identity_appointment a
    JOIN identity_reach r ON r.role = a.role AND r.reach <> 'nothing'
    JOIN identity_unit seat ON seat.id = a.unit_id
    CROSS JOIN LATERAL (SELECT coalesce(identity.territory_of(seat.id), seat.path) AS path) territory
    JOIN identity_scope s ON of_scope IS NULL OR s.id = of_scope
    JOIN identity_unit u ON u.id = s.unit_id
    WHERE (of_appointment IS NULL OR a.id = of_appointment) AND a.revoked_at IS NULL
      AND (u.path <@ seat.path
           OR (r.reach = 'territory' AND u.path <@ territory.path)
           OR (r.reach = 'line' AND s.line_id = a.line_id AND u.path <@ territory.path))
    ON CONFLICT DO NOTHING;
END $$;

-- The crossing of a unit and a line, made on first use.
CREATE FUNCTION identity.scope_of(of_unit bigint, of_line bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_id bigint;
BEGIN
    IF identity.my_appointment() IS NULL THEN
        RAISE EXCEPTION 'enter first' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT id INTO found_id FROM identity_scope WHERE unit_id = of_unit AND line_id IS NOT DISTINCT FROM of_line;
    IF found_id IS NULL THEN
        INSERT INTO identity_scope (unit_id, line_id) VALUES (of_unit, of_line)
        ON CONFLICT (unit_id, line_id) DO UPDATE SET unit_id = excluded.unit_id RETURNING id INTO found_id;
        PERFORM identity.refresh_sight(NULL, found_id);
    END IF;
    RETURN found_id;
END $$;

-- Signing in. The application checks the password and proves it with the key; a session of SQL alone cannot.
CREATE FUNCTION identity.sign_in_candidate(of_name text)
RETURNS TABLE (person_id bigint, password text, must_change boolean, changed_at timestamptz, failures int, last_failure timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.person_id, c.password, c.must_change, c.changed_at, f.failures, f.last_failure
    FROM (
        SELECT count(*)::int AS failures, max(at) AS last_failure FROM identity_refused_sign_in
        WHERE name = of_name AND at > clock_timestamp() - (SELECT lock_for FROM identity.security_rule())
    ) f
    LEFT JOIN identity_person p ON p.name = of_name AND p.active
    LEFT JOIN identity_credential c ON c.person_id = p.id
$$;

CREATE FUNCTION identity.note_refused_sign_in(of_name text, from_address text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO identity_refused_sign_in (name, address) VALUES (left(of_name, 64), from_address)
$$;

CREATE FUNCTION identity.open_session(
    of_person bigint, of_appointment bigint, hash bytea, proof text, from_address text, by_agent text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    rule record;
    opened bigint;
BEGIN
    IF identity.proves('session.' || of_person || '.' || encode(hash, 'hex'), proof) IS NOT TRUE THEN
        RAISE EXCEPTION 'a session opens only with proof of a checked password'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO rule FROM identity.security_rule();
    INSERT INTO identity_session (token_hash, person_id, appointment_id, idle, ends_at, address, agent)
    SELECT hash, of_person, a.id, rule.idle, clock_timestamp() + rule.session_lasts, from_address, left(by_agent, 200)
    FROM identity_appointment a
    WHERE a.person_id = of_person AND identity.in_force(a.valid_from, a.valid_to, a.revoked_at)
      AND (of_appointment IS NULL OR a.id = of_appointment)
    -- Where a person holds several, the one used last.
    ORDER BY (SELECT max(s.id) FROM identity_session s WHERE s.appointment_id = a.id) DESC NULLS LAST, a.id
    LIMIT 1
    RETURNING appointment_id INTO opened;
    DELETE FROM identity_refused_sign_in WHERE name = (SELECT name FROM identity_person WHERE id = of_person);
    RETURN opened;
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
    WHERE s.token_hash = sha256(convert_to(token, 'UTF8')) AND s.ended_at IS NULL
      AND a.id = to_appointment AND a.person_id = s.person_id
      AND identity.in_force(a.valid_from, a.valid_to, a.revoked_at);
    RETURN FOUND;
END $$;

-- Set one's own password, or anybody's first one as the security administrator or the local operator. Every other
-- session of the person ends.
CREATE FUNCTION identity.set_password(of_person bigint, hash text, change_next boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF of_person IS DISTINCT FROM identity.my_person()
       AND coalesce(identity.my_role(), '') NOT IN ('operator', 'security_admin') THEN
        RAISE EXCEPTION 'this appointment may not set that password' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO identity_credential (person_id, password, must_change) VALUES (of_person, hash, change_next)
    ON CONFLICT (person_id) DO UPDATE
        SET password = excluded.password, must_change = excluded.must_change, changed_at = clock_timestamp();
    UPDATE identity_session SET ended_at = clock_timestamp()
    WHERE person_id = of_person AND ended_at IS NULL
      AND id IS DISTINCT FROM (SELECT session_id FROM identity_entry WHERE pid = pg_backend_pid());
END $$;

-- Whether the person of this transaction must change the password before anything else.
CREATE FUNCTION identity.my_password() RETURNS TABLE (password text, must_change boolean, changed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT password, must_change, changed_at FROM identity_credential WHERE person_id = identity.my_person()
$$;

-- End an appointment: its sight and its sessions go in the same transaction.
CREATE FUNCTION identity.end_appointment(of_appointment bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(identity.my_role(), '') NOT IN ('operator', 'security_admin') THEN
        RAISE EXCEPTION 'this appointment may not end another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE identity_appointment SET revoked_at = clock_timestamp() WHERE id = of_appointment AND revoked_at IS NULL;
    DELETE FROM identity_sight WHERE appointment_id = of_appointment;
    UPDATE identity_session SET ended_at = clock_timestamp() WHERE appointment_id = of_appointment AND ended_at IS NULL;
END $$;

-- A grant for a job, always for the appointment that asks.
CREATE FUNCTION identity.give_grant(for_purpose text, lasts interval) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    given uuid;
BEGIN
    INSERT INTO identity_grant (appointment_id, purpose, expires_at)
    SELECT a, for_purpose, clock_timestamp() + lasts FROM identity.my_appointment() a WHERE a IS NOT NULL
    RETURNING id INTO given;
    RETURN given;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA identity FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA identity TO {application};
