/**
 * The least that writes the same rows: one call for a batch, of a role bound by row-level security. Carts are priced by whoever
 * calls; here levels are locked in order, what is there is sold, and everything is written. Which sales are short comes back.
 */
export const floorFunction = `
CREATE OR REPLACE FUNCTION bench_sell(
  tenant uuid, cashier uuid, sales uuid[], operations uuid[], outboxes uuid[], sites uuid[], registers uuid[], sessions uuid[], totals int8[],
  counts int4[], keys text[], fingerprints bytea[], of_sale int4[], positions int4[], variants uuid[], skus text[], names text[], movements uuid[], prices int8[]
) RETURNS int4[] LANGUAGE plpgsql AS $$
DECLARE
  short int4[];
BEGIN
  PERFORM FROM register r JOIN register_session s ON s.tenant_id = r.tenant_id AND s.register_id = r.id AND s.closed_at IS NULL
    WHERE r.tenant_id = tenant AND r.id = ANY (registers) ORDER BY r.id FOR KEY SHARE OF s FOR NO KEY UPDATE OF r;
  PERFORM FROM stock_level l JOIN (SELECT DISTINCT sites[o.sale] AS site_id, o.variant_id FROM unnest(of_sale, variants) AS o (sale, variant_id)) k
    ON l.tenant_id = tenant AND l.site_id = k.site_id AND l.variant_id = k.variant_id ORDER BY l.site_id, l.variant_id FOR NO KEY UPDATE OF l;
  SELECT coalesce(array_agg(DISTINCT w.sale), '{}') INTO short FROM (
    SELECT o.sale, sites[o.sale] AS site_id, o.variant_id, row_number() OVER (PARTITION BY sites[o.sale], o.variant_id ORDER BY o.sale, o.line) AS nth
    FROM unnest(of_sale, variants, positions) AS o (sale, variant_id, line)) w
    JOIN stock_level l ON l.tenant_id = tenant AND l.site_id = w.site_id AND l.variant_id = w.variant_id
    WHERE l.on_hand - l.held < w.nth;
  WITH wanted AS (
    SELECT i, sales[i] AS id, operations[i] AS operation_id, outboxes[i] AS outbox_id, sites[i] AS site_id, registers[i] AS register_id, sessions[i] AS session_id,
      totals[i] AS total, counts[i] AS line_count, keys[i] AS key, fingerprints[i] AS fingerprint,
      row_number() OVER (PARTITION BY registers[i] ORDER BY i) - 1 AS nth
    FROM generate_subscripts(sales, 1) AS i WHERE i <> ALL (short)
  ), numbered AS (
    UPDATE register r SET next_sale_number = r.next_sale_number + k.sold
    FROM (SELECT register_id, count(*) AS sold FROM wanted GROUP BY 1) k WHERE r.tenant_id = tenant AND r.id = k.register_id
    RETURNING r.id, r.next_sale_number - k.sold AS first
  ), lines AS (
    SELECT w.*, o.line, o.variant_id, o.sku, o.name, o.movement_id, o.price,
      row_number() OVER (PARTITION BY w.site_id, o.variant_id ORDER BY w.i, o.line) AS place
    FROM unnest(of_sale, positions, variants, skus, names, movements, prices) AS o (sale, line, variant_id, sku, name, movement_id, price)
    JOIN wanted w ON w.i = o.sale
  ), sold AS (
    INSERT INTO sale (tenant_id, id, operation_id, kind, site_id, register_id, session_id, number, currency, total, tax, change, user_id, line_count)
    SELECT tenant, w.id, w.operation_id, 'sale', w.site_id, w.register_id, w.session_id, n.first + w.nth, 'CLP', w.total, 190 * w.line_count, 0, cashier, w.line_count
    FROM wanted w JOIN numbered n ON n.id = w.register_id
  ), sold_lines AS (
    INSERT INTO sale_line (tenant_id, sale_id, line, variant_id, sku, name, unit, quantity, unit_price, list_price, unit_cost, tax_rate, tax, total)
    SELECT tenant, id, line, variant_id, sku, name, 'unit', 1, price, price, 500, 0.19, 190, price FROM lines
  ), paid AS (
    INSERT INTO sale_payment (tenant_id, sale_id, position, method, amount) SELECT tenant, id, 1, 'card', total FROM wanted
  ), moved AS (
    INSERT INTO stock_movement (tenant_id, id, site_id, variant_id, location_id, version, kind, quantity, balance, unit_cost, unit_price, operation_id, document_id, user_id)
    SELECT tenant, m.movement_id, m.site_id, m.variant_id, l.location_id, l.version + m.place, 'sale', -1, l.on_hand - m.place, 500, m.price, m.operation_id, m.id, cashier
    FROM lines m JOIN stock_level l ON l.tenant_id = tenant AND l.site_id = m.site_id AND l.variant_id = m.variant_id
  ), operated AS (
    INSERT INTO operation (tenant_id, id, kind, queue, site_id, created_by) SELECT tenant, operation_id, 'sale', 'sales', site_id, cashier FROM wanted
  ), told AS (
    INSERT INTO operation_event (tenant_id, operation_id, attempt, step, state, version, code, data, actor_id, site_id)
    SELECT tenant, operation_id, 1, 'accepted', 'pending', 1, 'accepted', jsonb_build_object('total', total, 'currency', 'CLP', 'ahead', 0), cashier, site_id FROM wanted
  ), boxed AS (
    INSERT INTO outbox (tenant_id, id, action, queue, workflow_type, workflow_id, args, operation_id, attempt)
    SELECT tenant, outbox_id, 'start', 'sales', 'settleSales', 'sale-' || operation_id || '-1',
      jsonb_build_array(jsonb_build_object('tenantId', tenant, 'operationId', operation_id, 'attempt', 1)), operation_id, 1 FROM wanted
  ), kept AS (
    INSERT INTO idempotency_key (tenant_id, key, fingerprint, operation_id, status, response, response_expires_at)
    SELECT tenant, key, fingerprint, operation_id, 201, jsonb_build_object('saleId', id, 'operationId', operation_id), clock_timestamp() + interval '90 days' FROM wanted
  )
  UPDATE stock_level l SET on_hand = l.on_hand - k.pieces, version = l.version + k.pieces, updated_at = clock_timestamp()
  FROM (SELECT site_id, variant_id, count(*) AS pieces FROM lines GROUP BY 1, 2) k
  WHERE l.tenant_id = tenant AND l.site_id = k.site_id AND l.variant_id = k.variant_id;
  RETURN short;
END $$`;
