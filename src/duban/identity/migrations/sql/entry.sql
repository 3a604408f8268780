-- The door. A transaction says who it is once, by a token; what it said is recorded where the application role cannot
-- write, and every policy reads only that record. Functions here run as their owner (SECURITY DEFINER) with a pinned
-- search path, so nothing in a session can stand in for what they name.

CREATE SCHEMA identity;
GRANT USAGE ON SCHEMA identity TO {application};

CREATE TABLE identity_session (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    person_id bigint NOT NULL REFERENCES identity_person,
    appointment_id bigint NOT NULL REFERENCES identity_appointment,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    idle interval NOT NULL,
    ends_at timestamptz NOT NULL,
    ended_at timestamptz,
    address text NOT NULL,
    agent text NOT NULL
);
CREATE INDEX identity_session_person ON identity_session (person_id) WHERE ended_at IS NULL;
CREATE INDEX identity_session_appointment ON identity_session (appointment_id, id);

-- When a session last did something. Apart from the session itself, because a long request keeps its row locked, and
-- ending a session must not wait for the very request that it cuts off.
CREATE TABLE identity_session_seen (
    session_id bigint PRIMARY KEY REFERENCES identity_session,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 70);

-- A permission for one later job, given by an appointment to itself. The job's token proves the purpose too, so a grant
-- read from the queue cannot be used for another job.
CREATE TABLE identity_grant (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    appointment_id bigint NOT NULL REFERENCES identity_appointment,
    purpose text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
);

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

-- Whether the application said `message`. Digests are compared, so how long it takes tells nothing about the proof.
CREATE FUNCTION identity.proves(message text, proof text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT sha256(convert_to(encode(sha256(outer_pad || sha256(inner_pad || convert_to(message, 'UTF8'))), 'hex'), 'UTF8'))
        = sha256(convert_to(proof, 'UTF8'))
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
    -- Under REPEATABLE READ every statement would see the appointments of when the transaction began, and so go on
    -- seeing rows after its own was revoked.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'enter in a transaction of isolation level read committed'
            USING ERRCODE = 'invalid_transaction_state';
    END IF;
    IF token ~ '^job\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9a-f]{64}$' THEN
        SELECT g.appointment_id INTO of_appointment
        FROM identity_grant g
        WHERE g.id = split_part(token, '.', 2)::uuid AND g.expires_at > clock_timestamp()
          AND identity.proves('job.' || g.id || '.' || g.purpose, split_part(token, '.', 3));
    ELSE
        SELECT s.id, s.appointment_id INTO of_session, of_appointment
        FROM identity_session s JOIN identity_session_seen seen ON seen.session_id = s.id
        WHERE s.token_hash = sha256(convert_to(token, 'UTF8')) AND s.ended_at IS NULL
          AND seen.at + s.idle > clock_timestamp() AND s.ends_at > clock_timestamp();
        IF active AND of_session IS NOT NULL THEN
            UPDATE identity_session_seen SET at = clock_timestamp()
            WHERE session_id = (
                SELECT session_id FROM identity_session_seen
                WHERE session_id = of_session AND at < clock_timestamp() - interval '1 minute'
                FOR UPDATE SKIP LOCKED
            );
        END IF;
    END IF;
    IF of_appointment IS NULL THEN
        DELETE FROM identity_entry WHERE pid = pg_backend_pid();
        RETURN NULL;
    END IF;
    INSERT INTO identity_entry VALUES (pg_backend_pid(), pg_current_xact_id(), of_appointment, of_session)
    ON CONFLICT (pid) DO UPDATE
        SET xid = excluded.xid, appointment_id = excluded.appointment_id, session_id = excluded.session_id;
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
      AND identity.in_force(a.valid_from, a.valid_to, a.revoked_at) AND p.active
      AND (e.session_id IS NULL OR (s.ended_at IS NULL AND s.ends_at > clock_timestamp()))
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

-- Who an appointment is, as the trail keeps it for ever: name, role and unit of now.
CREATE FUNCTION identity.said_by(of_appointment bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.name || ' · ' || a.role || ' · ' || coalesce(v.name, u.code)
    FROM identity_appointment a
    JOIN identity_person p ON p.id = a.person_id
    JOIN identity_unit u ON u.id = a.unit_id
    LEFT JOIN identity_unitversion v ON v.unit_id = u.id AND v.valid_to IS NULL
    WHERE a.id = of_appointment
$$;

-- A grant for a job, always for the appointment that asks; null when nobody entered.
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
