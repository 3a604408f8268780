CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO {application};

-- What this database was born as; only a demo may be told when something was recorded.
CREATE TABLE audit_birth (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    is_demo boolean NOT NULL,
    born_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON audit_birth TO {application};

-- Rows that prove something are only ever added, by anybody, the owner included.
CREATE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% rows are only ever added; a mistake gets an opposite entry (% refused)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

-- The instant of an event is the database's, and so is who it was: nobody writes another one's name beside their act.
CREATE FUNCTION audit.stamp_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.at := clock_timestamp();
    NEW.who := coalesce(identity.said_by(NEW.appointment_id), '');
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit.stamp_event();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

-- A posting takes the lock shared before it reads the clock, and holds it to commit. Whoever needs an instant to be
-- final takes the lock exclusively: then every posting recorded before that instant has been committed or undone.
CREATE FUNCTION audit.lock_key() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 7030201;

-- The transaction that a posting belongs to. Only that one may write under it (audit.refuse_past_posting): a row added
-- later to a posting of last month would change a figure that was signed since.
ALTER TABLE audit_posting ADD COLUMN written_in xid8 NOT NULL;

CREATE FUNCTION audit.stamp_posting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(audit.lock_key());
    NEW.written_in := pg_current_xact_id();
    NEW.who := identity.said_by(NEW.appointment_id);
    IF NEW.recorded_at IS NULL OR NOT coalesce((SELECT is_demo FROM audit_birth), false) THEN
        NEW.recorded_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON audit_posting FOR EACH ROW EXECUTE FUNCTION audit.stamp_posting();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_posting
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

-- For every table whose rows name a posting:
--   CREATE TRIGGER under_an_open_posting AFTER INSERT ON … REFERENCING NEW TABLE AS fresh
--       FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();
CREATE FUNCTION audit.refuse_past_posting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT posting_id FROM fresh) f JOIN audit_posting p ON p.id = f.posting_id
        WHERE p.written_in <> pg_current_xact_id()
    ) THEN
        RAISE EXCEPTION '% rows are added only in the transaction of their posting; open a new one', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

-- Wait until nothing recorded at or before an instant can still be committed. Needed when the instant is within the
-- last minute, and whenever a posting that began before it is still open. The lock is not kept: it is taken inside a
-- block that is undone, which lets go of it even where a time-out strikes in between.
CREATE FUNCTION audit.settle(instant timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF instant > clock_timestamp() THEN
        RAISE EXCEPTION 'the instant % has not come yet', instant USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF instant > clock_timestamp() - interval '1 minute' OR EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted AND pid <> pg_backend_pid()
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (classid::bigint << 32 | objid::bigint) = audit.lock_key()
    ) THEN
        BEGIN
            PERFORM pg_advisory_xact_lock(audit.lock_key());
            RAISE EXCEPTION USING ERRCODE = 'DU001';
        EXCEPTION WHEN SQLSTATE 'DU001' THEN
            NULL;
        END;
    END IF;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.settle TO {application};
