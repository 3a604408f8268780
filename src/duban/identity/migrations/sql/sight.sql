-- Sight: which scopes an appointment sees. It is worked out from the tree, the appointments and what each role reaches,
-- and written by nothing but these functions.

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

-- Work out sight again: for one appointment, for one scope, or (both null) for all.
--
-- Whoever adds a scope and whoever changes appointments or the tree wait for each other until commit: each works out
-- sight from what it sees, and would otherwise miss what the other is about to add. Scopes are added side by side.
CREATE FUNCTION identity.work_out_sight(of_appointment bigint, of_scope bigint) RETURNS void
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
END $$;

-- The same, for whoever changes the tree or appointments; all of it is too dear to be had by everybody.
CREATE FUNCTION identity.refresh_sight(of_appointment bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(identity.my_role(), '') NOT IN ('operator', 'system_admin', 'security_admin') THEN
        RAISE EXCEPTION 'this appointment changes nothing that sight is made of'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM identity.work_out_sight(of_appointment, NULL);
END $$;

-- The crossing of a unit and a line, made on first use by whoever manages units or may post for the unit.
CREATE FUNCTION identity.scope_of(of_unit bigint, of_line bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_id bigint;
BEGIN
    IF identity.my_appointment() IS NULL THEN
        RAISE EXCEPTION 'enter first' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT id INTO found_id FROM identity_scope WHERE unit_id = of_unit AND line_id IS NOT DISTINCT FROM of_line;
    IF found_id IS NOT NULL THEN
        RETURN found_id;
    END IF;
    IF identity.my_role() NOT IN ('operator', 'system_admin') AND NOT EXISTS (
        SELECT FROM identity_scope WHERE unit_id = of_unit AND id IN (SELECT identity.my_posting_scopes())
    ) THEN
        RAISE EXCEPTION 'this appointment may not post for that unit' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO identity_scope (unit_id, line_id) VALUES (of_unit, of_line)
    ON CONFLICT (unit_id, line_id) DO UPDATE SET unit_id = excluded.unit_id RETURNING id INTO found_id;
    PERFORM identity.work_out_sight(NULL, found_id);
    RETURN found_id;
END $$;
