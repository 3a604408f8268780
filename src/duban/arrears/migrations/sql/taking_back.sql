-- Steps that follow one another, and those to which a payment comes back
-- when a posting is taken back, or a later statement says that it was not paid.
CREATE OR REPLACE FUNCTION arrears.after_events() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f
        JOIN audit_posting p ON p.id = f.posting_id
        LEFT JOIN arrears_settlementevent b ON b.settlement_id = f.settlement_id AND b.n = f.n - 1
        WHERE f.n = 1 AND f.step <> 'stated' OR f.n > 1 AND (
            (b.step, f.step) IN (
                ('stated', 'evidenced'), ('stated', 'denied'), ('evidenced', 'evidenced'), ('evidenced', 'confirmed'),
                ('evidenced', 'denied'), ('confirmed', 'dishonoured'), ('reopened', 'evidenced'), ('reopened', 'denied')
            )
            OR p.kind IN ('arrears.reversed', 'arrears.statement') AND (b.step, f.step) IN (
                ('stated', 'withdrawn'), ('evidenced', 'withdrawn'), ('reopened', 'withdrawn'), ('confirmed', 'reopened'),
                ('denied', 'reopened'), ('withdrawn', 'reopened'), ('dishonoured', 'confirmed')
            )
        ) IS NOT TRUE
    ) THEN
        PERFORM arrears.refuse('that does not follow from where the payment stands');
    END IF;
    RETURN NULL;
END $$;
