-- Whoever sells remembers what articles are called and cost, and asks at each sale whether that is still so: by one value that
-- changes with whatever a sale takes from the catalogue. None yet = nothing has changed.
CREATE TABLE catalogue_stamp (
  tenant_id UUID NOT NULL,
  stamp UUID NOT NULL,
  CONSTRAINT catalogue_stamp_pkey PRIMARY KEY (tenant_id)
);
ALTER TABLE catalogue_stamp ADD CONSTRAINT catalogue_stamp_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id);
GRANT SELECT, INSERT, UPDATE ON catalogue_stamp TO nervio_app;
ALTER TABLE catalogue_stamp ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalogue_stamp FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON catalogue_stamp USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());

-- At the end of the transaction that changed something, once: it is the last lock that anybody takes, so nobody who holds it waits.
CREATE FUNCTION stamp_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  tenant uuid := coalesce(NEW.tenant_id, OLD.tenant_id);
  done text := pg_current_xact_id()::text || ' ' || tenant::text;
BEGIN
  IF current_setting('app.catalogue_stamped', true) IS DISTINCT FROM done THEN
    PERFORM set_config('app.catalogue_stamped', done, true);
    INSERT INTO catalogue_stamp (tenant_id, stamp) VALUES (tenant, gen_random_uuid())
      ON CONFLICT (tenant_id) DO UPDATE SET stamp = excluded.stamp;
  END IF;
  RETURN NULL;
END $$;

-- What is new is remembered by nobody; only a price of a site comes before the one that was told so far.
CREATE CONSTRAINT TRIGGER product_stamped AFTER UPDATE ON product DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((NEW.name, NEW.unit, NEW.tax_rate, NEW.withdrawn_at) IS DISTINCT FROM (OLD.name, OLD.unit, OLD.tax_rate, OLD.withdrawn_at))
  EXECUTE FUNCTION stamp_catalogue();
CREATE CONSTRAINT TRIGGER variant_stamped AFTER UPDATE ON variant DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((NEW.sku, NEW.product_id, NEW.size_id, NEW.colour_id, NEW.price, NEW.cost, NEW.active)
    IS DISTINCT FROM (OLD.sku, OLD.product_id, OLD.size_id, OLD.colour_id, OLD.price, OLD.cost, OLD.active))
  EXECUTE FUNCTION stamp_catalogue();
CREATE CONSTRAINT TRIGGER size_stamped AFTER UPDATE ON size DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.name IS DISTINCT FROM OLD.name) EXECUTE FUNCTION stamp_catalogue();
CREATE CONSTRAINT TRIGGER colour_stamped AFTER UPDATE ON colour DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.name IS DISTINCT FROM OLD.name) EXECUTE FUNCTION stamp_catalogue();
CREATE CONSTRAINT TRIGGER site_stamped AFTER UPDATE ON site DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.allow_negative IS DISTINCT FROM OLD.allow_negative) EXECUTE FUNCTION stamp_catalogue();
CREATE CONSTRAINT TRIGGER site_price_stamped AFTER INSERT OR UPDATE OR DELETE ON site_price DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION stamp_catalogue();

-- Stock is decided on levels that were read and is written when they are locked: what was there may be gone by then.
CREATE FUNCTION level_overtaken() RETURNS numeric LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A level has less than what was decided on it' USING ERRCODE = 'serialization_failure';
END $$;
