-- Which party counts as which, by the decisions. The table is written here alone.

CREATE SCHEMA register;
GRANT USAGE ON SCHEMA register TO {application};

-- One decision after the other, in the whole city: two at once could make a ring of aliases.
CREATE FUNCTION register.hold_decisions() RETURNS void
LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT pg_advisory_xact_lock(7030211)
$$;
REVOKE ALL ON FUNCTION register.hold_decisions FROM public;
GRANT EXECUTE ON FUNCTION register.hold_decisions TO {application};

CREATE FUNCTION register.after_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM register.hold_decisions();
    IF NEW.verdict <> 'same' THEN
        DELETE FROM register_alias
        WHERE (alias_id, survivor_id) IN ((NEW.first_id, NEW.second_id), (NEW.second_id, NEW.first_id));
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM register_alias WHERE alias_id IN (NEW.first_id, NEW.second_id)) THEN
        RAISE EXCEPTION 'an alias is not decided on again; decide on the party that it counts as'
            USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO register_alias (alias_id, survivor_id)
    VALUES (NEW.first_id + NEW.second_id - NEW.survivor_id, NEW.survivor_id);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION register.after_decision FROM public;
CREATE TRIGGER keep_aliases AFTER INSERT ON register_decision
    FOR EACH ROW EXECUTE FUNCTION register.after_decision();
