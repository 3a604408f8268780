-- Which event may follow which; see the table of steps in `rules/settling.py`.
CREATE OR REPLACE FUNCTION arrears.after_events() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f
        LEFT JOIN arrears_settlementevent b ON b.settlement_id = f.settlement_id AND b.n = f.n - 1
        WHERE f.n = 1 AND f.step <> 'stated' OR f.n > 1 AND (b.step, f.step) NOT IN (
            ('stated', 'evidenced'), ('stated', 'denied'), ('evidenced', 'evidenced'), ('evidenced', 'confirmed'),
            ('evidenced', 'denied'), ('confirmed', 'dishonoured')
        ) IS NOT FALSE
    ) THEN
        PERFORM arrears.refuse('that does not follow from where the payment stands');
    END IF;
    RETURN NULL;
END $$;
