-- When the sweep last asked Temporal about an operation. Without it a long outage would have the sweep ask about the same
-- oldest ones in every round, and never about the rest.
ALTER TABLE operation ADD COLUMN swept_at TIMESTAMPTZ(6);

CREATE OR REPLACE FUNCTION definer.find_quiet(p_quiet_ms int, p_limit int) RETURNS TABLE (tenant_id uuid, operation_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE operation o SET swept_at = clock_timestamp()
  FROM (
    SELECT p.tenant_id, p.id FROM operation p
    WHERE p.state IN ('pending', 'syncing', 'waiting', 'compensating')
      AND greatest(p.updated_at, p.swept_at) < clock_timestamp() - make_interval(secs => p_quiet_ms / 1000.0)
      AND (p.state <> 'pending' OR (p.lanes_ahead = 0 AND NOT EXISTS (
        SELECT FROM outbox x WHERE x.tenant_id = p.tenant_id AND x.operation_id = p.id AND x.action <> 'signal')))
      AND NOT (p.state = 'waiting' AND p.run_id IS NULL AND EXISTS (
        SELECT FROM outbox x WHERE x.tenant_id = p.tenant_id AND x.operation_id = p.id AND x.action <> 'signal'))
    ORDER BY greatest(p.updated_at, p.swept_at) LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ) quiet
  WHERE o.tenant_id = quiet.tenant_id AND o.id = quiet.id
  RETURNING o.tenant_id, o.id
$$;
