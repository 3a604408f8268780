-- What a debtor states to have paid by one voucher, in all ledgers, and what the voucher is worth: two sums and nothing
-- else, told to whoever may post on a claim of that debtor. A voucher that pays claims of several counties is seen so.
CREATE FUNCTION arrears.stated_on_voucher(voucher text, debtor bigint, OUT stated bigint, OUT total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT sum(s.amount)::bigint, nullif(max(s.voucher_total), 0)
    FROM arrears_settlement s JOIN arrears_claim c ON c.id = s.claim_id
    WHERE s.voucher_number = voucher AND c.debtor_id = debtor
      AND EXISTS (
          SELECT FROM arrears_claim mine
          WHERE mine.debtor_id = debtor AND mine.scope_id IN (SELECT identity.my_posting_scopes())
      )
      AND (
          SELECT e.step FROM arrears_settlementevent e WHERE e.settlement_id = s.id ORDER BY e.n DESC LIMIT 1
      ) NOT IN ('denied', 'dishonoured', 'withdrawn')
$$;
REVOKE EXECUTE ON FUNCTION arrears.stated_on_voucher FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arrears.stated_on_voucher TO {application};
