-- What waits for a connection that is down is looked for from the connection on: a dispatcher asks at each round, and of sales, which
-- wait for none, tens of thousands may be pending.
CREATE INDEX operation_parkable_idx ON operation (tenant_id, connection_id, number)
  WHERE state = 'pending' AND connection_id IS NOT NULL;

DROP FUNCTION definer.find_parkable(int);
CREATE FUNCTION definer.find_parkable(p_limit int) RETURNS TABLE (tenant_id uuid, operation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.tenant_id, p.id FROM connection c CROSS JOIN LATERAL (
    SELECT o.tenant_id, o.id, o.number FROM operation o
    WHERE o.tenant_id = c.tenant_id AND o.connection_id = c.id AND o.state = 'pending' AND o.lanes_ahead = 0
    ORDER BY o.number LIMIT p_limit) p
  WHERE c.state NOT IN ('up', 'unknown')
  ORDER BY p.number LIMIT p_limit
$$;

GRANT CREATE ON SCHEMA definer TO nervio_definer;
ALTER FUNCTION definer.find_parkable(int) OWNER TO nervio_definer;
REVOKE CREATE ON SCHEMA definer FROM nervio_definer;
REVOKE ALL ON FUNCTION definer.find_parkable(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION definer.find_parkable(int) TO nervio_app;
