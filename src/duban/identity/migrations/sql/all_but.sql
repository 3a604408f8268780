-- Whoever sees nearly every scope is better served by what they do not see. Looking into a list of thousands costs a
-- millisecond or two for every table of every query; comparing with the few that are left out costs nothing.

-- The scopes that the appointment of this transaction does not see, where it sees all others; null for everybody else.
CREATE FUNCTION identity.my_unseen_scopes() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT unseen FROM identity_allbut WHERE appointment_id = identity.my_appointment()
$$;

-- The same of scopes in which it may add rows.
CREATE FUNCTION identity.my_unposted_scopes() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT unseen FROM identity_allbut WHERE appointment_id = identity.my_appointment() AND may_post
$$;

-- Keep the short list beside the long one; called where sight was worked out, under its lock. It is kept for whoever
-- sees the tree from a unit down that has nothing beside it, only units above it: a scope that is added later is then
-- hardly ever one that they do not see, and imports that add scopes side by side do not meet here.
CREATE FUNCTION identity.note_unseen(of_appointment bigint, of_scope bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    blind bigint[];
BEGIN
    IF of_scope IS NOT NULL THEN
        blind := ARRAY(
            SELECT appointment_id FROM identity_allbut a WHERE of_scope <> ALL (unseen) AND NOT EXISTS (
                SELECT FROM identity_sight s WHERE s.appointment_id = a.appointment_id AND s.scope_id = of_scope
            )
        );
        PERFORM FROM identity_allbut WHERE appointment_id = ANY (blind) ORDER BY appointment_id FOR UPDATE;
        UPDATE identity_allbut SET unseen = unseen || of_scope WHERE appointment_id = ANY (blind);
        RETURN;
    END IF;
    DELETE FROM identity_allbut WHERE of_appointment IS NULL OR appointment_id = of_appointment;
    INSERT INTO identity_allbut (appointment_id, unseen, may_post)
    SELECT a.id,
        ARRAY(
            SELECT id FROM identity_scope scope WHERE NOT EXISTS (
                SELECT FROM identity_sight s WHERE s.appointment_id = a.id AND s.scope_id = scope.id
            )
        ),
        r.may_post
    FROM identity_appointment a
    JOIN identity_reach r ON r.role = a.role AND r.reach = 'territory'
    JOIN identity_unit seat ON seat.id = a.unit_id
    CROSS JOIN LATERAL (SELECT coalesce(identity.territory_of(seat.id), seat.path) AS path) territory
    WHERE (of_appointment IS NULL OR a.id = of_appointment) AND a.revoked_at IS NULL
      AND NOT EXISTS (SELECT FROM identity_unit u WHERE NOT (u.path <@ territory.path OR u.path @> territory.path));
END $$;

-- As before, and the short list goes with the long one.
CREATE OR REPLACE FUNCTION identity.end_appointment(of_appointment bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(identity.my_role(), '') NOT IN ('operator', 'security_admin') THEN
        RAISE EXCEPTION 'this appointment may not end another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM identity.refuse_operator((SELECT person_id FROM identity_appointment WHERE id = of_appointment));
    UPDATE identity_appointment SET revoked_at = clock_timestamp() WHERE id = of_appointment AND revoked_at IS NULL;
    DELETE FROM identity_sight WHERE appointment_id = of_appointment;
    DELETE FROM identity_allbut WHERE appointment_id = of_appointment;
    UPDATE identity_session SET ended_at = clock_timestamp() WHERE appointment_id = of_appointment AND ended_at IS NULL;
END $$;

-- As before, with the short list kept beside the long one.
CREATE OR REPLACE FUNCTION identity.work_out_sight(of_appointment bigint, of_scope bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF of_scope IS NULL THEN
        PERFORM pg_advisory_xact_lock(7030203);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(7030203);
    END IF;
    WITH due AS (
        SELECT a.id AS appointment_id, s.id AS scope_id, r.may_post
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
    ), past AS (
        DELETE FROM identity_sight old
        WHERE (of_appointment IS NULL OR old.appointment_id = of_appointment)
          AND (of_scope IS NULL OR old.scope_id = of_scope)
          AND NOT EXISTS (
              SELECT FROM due WHERE due.appointment_id = old.appointment_id AND due.scope_id = old.scope_id
          )
    )
    INSERT INTO identity_sight AS now (appointment_id, scope_id, may_post)
    SELECT appointment_id, scope_id, may_post FROM due
    ON CONFLICT (appointment_id, scope_id) DO UPDATE SET may_post = excluded.may_post
        WHERE now.may_post <> excluded.may_post;
    PERFORM identity.note_unseen(of_appointment, of_scope);
END $$;

REVOKE EXECUTE ON FUNCTION identity.my_unseen_scopes, identity.my_unposted_scopes, identity.note_unseen
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.my_unseen_scopes, identity.my_unposted_scopes TO {application};

-- Houses that stand already.
SELECT identity.note_unseen(NULL, NULL);
