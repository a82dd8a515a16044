-- Which transfer brings the pallets back: rises only after the one of the current name was read back as cancelled.
ALTER TABLE operation ADD COLUMN undo_effect INTEGER NOT NULL DEFAULT 1;

-- An undo that met trouble waits as a move does: without a place of its connection, until its time has come and the
-- circuit is closed. It stays `compensating`, and only one that waits so has both no place and a time (wake_after).
DROP INDEX operation_waiting_idx;
CREATE INDEX operation_waiting_idx ON operation (tenant_id, connection_id, number) WHERE state IN ('waiting', 'compensating');

-- What waits in the outbox to be undone is no more lost than what waits there to be moved.
CREATE OR REPLACE FUNCTION definer.find_quiet(p_quiet_ms int, p_limit int) RETURNS TABLE (tenant_id uuid, operation_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE operation o SET swept_at = clock_timestamp()
  FROM (
    SELECT p.tenant_id, p.id FROM operation p
    WHERE p.state IN ('pending', 'syncing', 'waiting', 'compensating')
      AND greatest(p.updated_at, p.swept_at) < clock_timestamp() - make_interval(secs => p_quiet_ms / 1000.0)
      AND (p.state <> 'pending' OR (p.lanes_ahead = 0 AND NOT EXISTS (
        SELECT FROM outbox x WHERE x.tenant_id = p.tenant_id AND x.operation_id = p.id AND x.action <> 'signal')))
      AND NOT (p.state IN ('waiting', 'compensating') AND p.run_id IS NULL AND EXISTS (
        SELECT FROM outbox x WHERE x.tenant_id = p.tenant_id AND x.operation_id = p.id AND x.action <> 'signal'))
    ORDER BY greatest(p.updated_at, p.swept_at) LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ) quiet
  WHERE o.tenant_id = quiet.tenant_id AND o.id = quiet.id
  RETURNING o.tenant_id, o.id
$$;

CREATE OR REPLACE FUNCTION definer.claim_outbox(p_batch uuid, p_limit int, p_lease_ms int) RETURNS TABLE (tenant_id uuid, outbox_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  c record; r record; g record; free int; fresh uuid;
  now_ts timestamptz := clock_timestamp();
  until timestamptz := clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0);
BEGIN
  FOR c IN
    SELECT k.tenant_id, k.id, k.max_concurrency FROM connection k
    WHERE k.state IN ('up', 'unknown')
      AND (EXISTS (SELECT FROM outbox o WHERE o.tenant_id = k.tenant_id AND o.connection_id = k.id AND o.action <> 'signal'
                     AND o.available_at <= now_ts AND (o.leased_until IS NULL OR o.leased_until < now_ts))
        OR EXISTS (SELECT FROM operation p WHERE p.tenant_id = k.tenant_id AND p.connection_id = k.id AND p.state IN ('waiting', 'compensating')
                     AND p.slot_at IS NULL AND p.run_id IS NOT NULL AND p.wake_after <= now_ts))
    ORDER BY k.tenant_id, k.id
    FOR NO KEY UPDATE OF k SKIP LOCKED
  LOOP
    SELECT c.max_concurrency - count(*) INTO free FROM operation p
      WHERE p.tenant_id = c.tenant_id AND p.connection_id = c.id AND p.slot_at IS NOT NULL;

    FOR r IN
      SELECT p.id, p.queue, p.workflow_id, p.attempt FROM operation p
      WHERE p.tenant_id = c.tenant_id AND p.connection_id = c.id AND p.state IN ('waiting', 'compensating')
        AND p.slot_at IS NULL AND p.run_id IS NOT NULL AND p.wake_after <= now_ts
      ORDER BY p.number LIMIT greatest(free, 0)
      FOR UPDATE OF p SKIP LOCKED
    LOOP
      UPDATE operation p SET slot_at = now_ts, wake_after = now_ts + interval '30 seconds'
        WHERE p.tenant_id = c.tenant_id AND p.id = r.id;
      fresh := gen_random_uuid();
      INSERT INTO outbox (tenant_id, id, action, queue, workflow_type, workflow_id, signal, args, operation_id, attempt, connection_id, batch_id, leased_until, tries)
        VALUES (c.tenant_id, fresh, 'signal', r.queue, '', r.workflow_id, 'look', '[]', r.id, r.attempt, c.id, p_batch, until, 1);
      free := free - 1;
      tenant_id := c.tenant_id; outbox_id := fresh; RETURN NEXT;
    END LOOP;

    FOR r IN
      SELECT o.id, o.operation_id, p.slot_at IS NOT NULL OR p.run_id IS NOT NULL AS has_slot
      FROM outbox o JOIN operation p ON p.tenant_id = o.tenant_id AND p.id = o.operation_id
      WHERE o.tenant_id = c.tenant_id AND o.connection_id = c.id AND o.action <> 'signal'
        AND o.available_at <= now_ts AND (o.leased_until IS NULL OR o.leased_until < now_ts)
      ORDER BY o.id LIMIT p_limit
      FOR UPDATE OF o, p SKIP LOCKED
    LOOP
      IF NOT r.has_slot THEN
        EXIT WHEN free <= 0;
        UPDATE operation p SET slot_at = now_ts WHERE p.tenant_id = c.tenant_id AND p.id = r.operation_id;
        free := free - 1;
      END IF;
      UPDATE outbox o SET batch_id = p_batch, leased_until = until, tries = o.tries + 1
        WHERE o.tenant_id = c.tenant_id AND o.id = r.id;
      tenant_id := c.tenant_id; outbox_id := r.id; RETURN NEXT;
    END LOOP;
  END LOOP;

  FOR g IN
    SELECT DISTINCT o.queue, o.tenant_id FROM outbox o
    WHERE (o.connection_id IS NULL OR o.action = 'signal')
      AND o.available_at <= now_ts AND (o.leased_until IS NULL OR o.leased_until < now_ts)
  LOOP
    RETURN QUERY
      UPDATE outbox o SET batch_id = p_batch, leased_until = until, tries = o.tries + 1
      FROM (SELECT x.tenant_id, x.id FROM outbox x
            WHERE x.queue = g.queue AND x.tenant_id = g.tenant_id AND (x.connection_id IS NULL OR x.action = 'signal')
              AND x.available_at <= now_ts AND (x.leased_until IS NULL OR x.leased_until < now_ts)
            ORDER BY x.id LIMIT p_limit FOR UPDATE SKIP LOCKED) picked
      WHERE o.tenant_id = picked.tenant_id AND o.id = picked.id
      RETURNING o.tenant_id, o.id;
  END LOOP;
END $$;
