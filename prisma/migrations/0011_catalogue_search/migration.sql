-- The search of the catalogue: by words, their beginnings, codes and SKUs, without accents, in the order of a list.
-- `@@` is not leakproof and would lose its index under row-level security: a table that holds words alone, and a function that
-- reads only the tenant's part of it and returns ids. btree_gin puts the tenant into the index; it is a trusted extension.
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- «Ñandú» and «NANDU» are the same word. The same for what is searched and for what is asked.
CREATE FUNCTION fold(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT lower(regexp_replace(normalize(t, NFKD), '[\u0300-\u036f]', '', 'g'))
$$;
CREATE FUNCTION fold_words(t text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT coalesce(array_agg(DISTINCT w), '{}') FROM regexp_split_to_table(fold(t), '[^[:alnum:]]+') AS w WHERE w <> ''
$$;

CREATE TABLE "variant_search" (
    "tenant_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "words" tsvector NOT NULL,
    "sort" TEXT COLLATE "C" NOT NULL,
    "category" TEXT,
    "on_sale" BOOLEAN NOT NULL,

    CONSTRAINT "variant_search_pkey" PRIMARY KEY ("tenant_id","variant_id")
);
CREATE INDEX "variant_search_tenant_id_words_idx" ON "variant_search" USING GIN ("tenant_id", "words");
CREATE INDEX "variant_search_tenant_id_sort_variant_id_idx" ON "variant_search"("tenant_id", "sort", "variant_id");
CREATE INDEX "variant_search_tenant_id_category_sort_variant_id_idx" ON "variant_search"("tenant_id", "category", "sort", "variant_id");
ALTER TABLE variant_search ADD CONSTRAINT variant_search_variant_fkey
  FOREIGN KEY (tenant_id, variant_id) REFERENCES variant (tenant_id, id) ON DELETE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON variant_search TO nervio_app;
ALTER TABLE variant_search ENABLE ROW LEVEL SECURITY;
ALTER TABLE variant_search FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON variant_search USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());

-- What is written of a variant: by name, then size and colour in their own order.
CREATE FUNCTION refresh_variant_search(t uuid, ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO variant_search AS found (tenant_id, variant_id, words, sort, category, on_sale)
  SELECT v.tenant_id, v.id,
    array_to_tsvector(fold_words(concat_ws(' ', p.name, p.category, v.sku, s.name, c.name,
      (SELECT string_agg(k.code || ' ' || coalesce(k.supplier, ''), ' ') FROM variant_code k WHERE k.tenant_id = v.tenant_id AND k.variant_id = v.id)))),
    left(fold(p.name), 200) || chr(1) || lpad(s.position::text, 6, '0') || lpad(c.position::text, 6, '0') || chr(1) || left(v.sku, 64),
    p.category, v.active AND p.withdrawn_at IS NULL
  FROM variant v
  JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
  JOIN size s ON s.tenant_id = v.tenant_id AND s.id = v.size_id
  JOIN colour c ON c.tenant_id = v.tenant_id AND c.id = v.colour_id
  WHERE v.tenant_id = t AND v.id = ANY (ids)
  ORDER BY v.id
  ON CONFLICT (tenant_id, variant_id) DO UPDATE
    SET words = excluded.words, sort = excluded.sort, category = excluded.category, on_sale = excluded.on_sale
    WHERE (found.words, found.sort, found.category, found.on_sale)
      IS DISTINCT FROM (excluded.words, excluded.sort, excluded.category, excluded.on_sale)
$$;

CREATE FUNCTION variant_search_of_variants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    FOR r IN SELECT tenant_id, array_agg(id) AS ids FROM fresh GROUP BY 1 LOOP
      PERFORM refresh_variant_search(r.tenant_id, r.ids);
    END LOOP;
  ELSE
    FOR r IN SELECT n.tenant_id, array_agg(n.id) AS ids FROM fresh n JOIN stale o ON o.tenant_id = n.tenant_id AND o.id = n.id
      WHERE (n.sku, n.size_id, n.colour_id, n.active) IS DISTINCT FROM (o.sku, o.size_id, o.colour_id, o.active) GROUP BY 1 LOOP
      PERFORM refresh_variant_search(r.tenant_id, r.ids);
    END LOOP;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER variant_searched AFTER INSERT ON variant REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION variant_search_of_variants();
CREATE TRIGGER variant_searched_anew AFTER UPDATE ON variant REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION variant_search_of_variants();

CREATE FUNCTION variant_search_of_products() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  FOR r IN SELECT v.tenant_id, array_agg(v.id) AS ids
    FROM fresh n JOIN stale o ON o.tenant_id = n.tenant_id AND o.id = n.id
    JOIN variant v ON v.tenant_id = n.tenant_id AND v.product_id = n.id
    WHERE (n.name, n.category, n.withdrawn_at IS NULL) IS DISTINCT FROM (o.name, o.category, o.withdrawn_at IS NULL) GROUP BY 1 LOOP
    PERFORM refresh_variant_search(r.tenant_id, r.ids);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER product_searched_anew AFTER UPDATE ON product REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION variant_search_of_products();

CREATE FUNCTION variant_search_of_codes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  FOR r IN SELECT tenant_id, array_agg(DISTINCT variant_id) AS ids FROM changed GROUP BY 1 LOOP
    PERFORM refresh_variant_search(r.tenant_id, r.ids);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER variant_code_searched AFTER INSERT ON variant_code REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION variant_search_of_codes();
CREATE TRIGGER variant_code_searched_anew AFTER UPDATE ON variant_code REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION variant_search_of_codes();
CREATE TRIGGER variant_code_forgotten AFTER DELETE ON variant_code REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION variant_search_of_codes();

CREATE POLICY definer_read ON variant_search FOR SELECT TO nervio_definer USING (true);
CREATE POLICY definer_read ON stock_level FOR SELECT TO nervio_definer USING (true);
GRANT SELECT ON variant_search, stock_level TO nervio_definer;

-- Variants of the tenant that is set, and of no other, in the order of the list: those that have every word of `p_words` (or a
-- beginning of it, from two letters on), that the site carries, of the category, on sale or not; behind `p_after`.
GRANT CREATE ON SCHEMA definer TO nervio_definer;
CREATE FUNCTION definer.search_variants(p_words text, p_site uuid, p_category text, p_on_sale boolean, p_after uuid, p_most int)
RETURNS TABLE (tenant_id uuid, variant_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  t uuid := current_tenant();
  asked tsquery;
  place text;
  query text;
BEGIN
  IF p_words IS NOT NULL THEN
    -- The words hold letters and digits only: nothing of tsquery's own language.
    SELECT string_agg(quote_literal(w) || CASE WHEN length(w) > 1 THEN ':*' ELSE '' END, ' & ')::tsquery INTO asked
      FROM (SELECT w FROM unnest(fold_words(p_words)) AS w ORDER BY length(w) DESC LIMIT 10) x;
    IF asked IS NULL THEN RETURN; END IF;
  END IF;
  IF p_after IS NOT NULL THEN
    SELECT s.sort INTO place FROM variant_search s WHERE s.tenant_id = t AND s.variant_id = p_after;
    IF place IS NULL THEN RETURN; END IF;
  END IF;
  -- Put together for what was asked, and so planned for it.
  query := 'SELECT s.tenant_id, s.variant_id FROM variant_search s WHERE s.tenant_id = $1'
    || CASE WHEN asked IS NULL THEN '' ELSE ' AND s.words @@ $2' END
    || CASE WHEN p_site IS NULL THEN '' ELSE
         ' AND EXISTS (SELECT FROM stock_level l WHERE l.tenant_id = $1 AND l.site_id = $3 AND l.variant_id = s.variant_id)' END
    || CASE WHEN p_category IS NULL THEN '' ELSE ' AND s.category = $4' END
    || CASE WHEN p_on_sale IS NULL THEN '' ELSE ' AND s.on_sale = $5' END
    || CASE WHEN place IS NULL THEN '' ELSE ' AND (s.sort, s.variant_id) > ($6, $7)' END
    || ' ORDER BY s.sort, s.variant_id LIMIT $8';
  RETURN QUERY EXECUTE query USING t, asked, p_site, p_category, p_on_sale, place, p_after, p_most;
END $$;
ALTER FUNCTION definer.search_variants(text, uuid, text, boolean, uuid, int) OWNER TO nervio_definer;
REVOKE ALL ON FUNCTION definer.search_variants(text, uuid, text, boolean, uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION definer.search_variants(text, uuid, text, boolean, uuid, int) TO nervio_app;
REVOKE CREATE ON SCHEMA definer FROM nervio_definer;

-- Variants that were there before. FORCE binds an owner who is no superuser too: tenant by tenant.
DO $$
DECLARE tenants uuid[]; t uuid;
BEGIN
  SET LOCAL ROLE nervio_definer;
  SELECT coalesce(array_agg(id), '{}') INTO tenants FROM tenant;
  RESET ROLE;
  FOREACH t IN ARRAY tenants LOOP
    PERFORM set_config('app.tenant_id', t::text, true);
    PERFORM refresh_variant_search(t, (SELECT coalesce(array_agg(id), '{}') FROM variant WHERE tenant_id = t));
  END LOOP;
  PERFORM set_config('app.tenant_id', '', true);
END $$;
