-- What the health monitor and the metrics ask of the whole installation: sums and states, never a tenant's name or row.

CREATE INDEX operation_attention_idx ON operation (tenant_id, updated_at) WHERE state = 'needs_attention';
CREATE INDEX operation_ended_idx ON operation (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX session_seen_idx ON session (last_seen_at) WHERE revoked_at IS NULL;

CREATE POLICY definer_read ON session FOR SELECT TO nervio_definer USING (true);
CREATE POLICY definer_read ON pallet_move_line FOR SELECT TO nervio_definer USING (true);
GRANT SELECT ON session, pallet_move_line TO nervio_definer;
GRANT CREATE ON SCHEMA definer TO nervio_definer;

-- Operations that are not final, by kind and state. Final ones are counted by the workers as they end.
CREATE FUNCTION definer.operation_stats() RETURNS TABLE (kind text, state text, row_count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.kind, p.state, count(*) FROM operation p
  WHERE p.state IN ('pending', 'syncing', 'waiting', 'compensating') GROUP BY p.kind, p.state
  UNION ALL
  SELECT p.kind, p.state, count(*) FROM operation p WHERE p.state = 'needs_attention' GROUP BY p.kind, p.state
$$;

-- BI-04 over the last p_seconds. Failed = came to rest asking for a person and still does.
CREATE FUNCTION definer.business_stats(p_seconds int)
RETURNS TABLE (pallets_moved bigint, mean_seconds double precision, synced bigint, failed bigint, active_users bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH since AS (SELECT clock_timestamp() - make_interval(secs => p_seconds) AS at),
  ended AS (
    SELECT p.tenant_id, p.id, p.kind, extract(epoch FROM p.ended_at - p.created_at) AS seconds
    FROM operation p, since WHERE p.ended_at >= since.at AND p.state = 'synced'
  )
  SELECT
    (SELECT count(*) FROM ended e JOIN pallet_move_line l ON l.tenant_id = e.tenant_id AND l.operation_id = e.id),
    (SELECT coalesce(avg(seconds), 0)::double precision FROM ended),
    (SELECT count(*) FROM ended),
    (SELECT count(*) FROM operation p, since WHERE p.state = 'needs_attention' AND p.updated_at >= since.at),
    (SELECT count(DISTINCT s.user_id) FROM session s, since WHERE s.revoked_at IS NULL AND s.last_seen_at >= since.at)
$$;

-- Outside systems by kind: how many answer, how fast the slowest, since when the last change, when last asked.
CREATE FUNCTION definer.connection_stats()
RETURNS TABLE (kind text, total bigint, up bigint, down bigint, to_mend bigint, unread bigint, latency_ms int, since timestamptz, probed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.kind, count(*),
    count(*) FILTER (WHERE c.state = 'up'),
    count(*) FILTER (WHERE c.state = 'down'),
    count(*) FILTER (WHERE c.state IN ('credentials', 'incompatible')),
    count(*) FILTER (WHERE c.catalogue_synced_at IS NULL),
    max(c.latency_ms) FILTER (WHERE c.state = 'up'), max(c.state_since), min(c.last_probe_at)
  FROM connection c GROUP BY c.kind ORDER BY c.kind
$$;

DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN
    SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'definer' AND p.proname IN ('operation_stats', 'business_stats', 'connection_stats')
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO nervio_definer', f);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO nervio_app', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA definer FROM nervio_definer;
