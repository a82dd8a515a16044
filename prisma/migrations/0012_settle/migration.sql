-- Receipts by mail: how often one was tried, and when last. What was tried and has no end is of unknown outcome.
ALTER TABLE receipt_mail ADD COLUMN tries INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN tried_at TIMESTAMPTZ(6),
  ADD COLUMN last_error TEXT;

-- What waits for a connection is found without reading the sales that wait for none.
CREATE INDEX outbox_connection_idx ON outbox (tenant_id, connection_id, available_at) WHERE connection_id IS NOT NULL;

-- A run of the sales queue has hundreds of operations at hand; only where a connection's place goes on has it one.
DROP INDEX operation_at_hand_key;
CREATE UNIQUE INDEX operation_at_hand_key ON operation (tenant_id, run_id)
  WHERE state IN ('syncing', 'waiting', 'compensating') AND connection_id IS NOT NULL;

-- As before, but work of p_batch_queues is claimed in larger pages: the dispatcher hands a page of one tenant over as one
-- workflow (design.md §4.6). With p_batch_limit 0 these queues are left for the next round.
DROP FUNCTION definer.claim_outbox(uuid, int, int);
CREATE FUNCTION definer.claim_outbox(p_batch uuid, p_limit int, p_lease_ms int, p_batch_limit int, p_batch_queues text[])
RETURNS TABLE (tenant_id uuid, outbox_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  c record; r record; g record; free int; fresh uuid; most int;
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
      SELECT o.id FROM operation p JOIN outbox o ON o.tenant_id = p.tenant_id AND o.operation_id = p.id
      WHERE p.tenant_id = c.tenant_id AND p.connection_id = c.id AND p.slot_at IS NOT NULL AND o.action <> 'signal'
        AND o.available_at <= now_ts AND (o.leased_until IS NULL OR o.leased_until < now_ts)
      ORDER BY o.id LIMIT p_limit
      FOR UPDATE OF o, p SKIP LOCKED
    LOOP
      UPDATE outbox o SET batch_id = p_batch, leased_until = until, tries = o.tries + 1
        WHERE o.tenant_id = c.tenant_id AND o.id = r.id;
      tenant_id := c.tenant_id; outbox_id := r.id; RETURN NEXT;
    END LOOP;

    FOR r IN
      SELECT o.id, o.operation_id, p.run_id FROM outbox o JOIN operation p ON p.tenant_id = o.tenant_id AND p.id = o.operation_id
      WHERE o.tenant_id = c.tenant_id AND o.connection_id = c.id AND o.action <> 'signal'
        AND o.available_at <= now_ts AND (o.leased_until IS NULL OR o.leased_until < now_ts) AND p.slot_at IS NULL
      ORDER BY o.id LIMIT least(p_limit, greatest(free, 0))
      FOR UPDATE OF o, p SKIP LOCKED
    LOOP
      -- What a workflow has taken already was handed over twice, and needs no place for that.
      IF r.run_id IS NULL THEN
        UPDATE operation p SET slot_at = now_ts WHERE p.tenant_id = c.tenant_id AND p.id = r.operation_id;
      END IF;
      UPDATE outbox o SET batch_id = p_batch, leased_until = until, tries = o.tries + 1
        WHERE o.tenant_id = c.tenant_id AND o.id = r.id;
      tenant_id := c.tenant_id; outbox_id := r.id; RETURN NEXT;
    END LOOP;
  END LOOP;

  -- From queue to queue and tenant to tenant along the index: a backlog is not read to find out whose it is.
  FOR g IN
    WITH RECURSIVE pair AS (
      (SELECT o.queue, o.tenant_id FROM outbox o ORDER BY o.queue, o.tenant_id LIMIT 1)
      UNION ALL
      SELECT n.queue, n.tenant_id FROM pair p, LATERAL (
        SELECT o.queue, o.tenant_id FROM outbox o WHERE (o.queue, o.tenant_id) > (p.queue, p.tenant_id)
        ORDER BY o.queue, o.tenant_id LIMIT 1) n
    )
    SELECT queue, tenant_id FROM pair
  LOOP
    most := CASE WHEN g.queue = ANY (p_batch_queues) THEN p_batch_limit ELSE p_limit END;
    CONTINUE WHEN most = 0;
    RETURN QUERY
      UPDATE outbox o SET batch_id = p_batch, leased_until = until, tries = o.tries + 1
      FROM (SELECT x.tenant_id, x.id FROM outbox x
            WHERE x.queue = g.queue AND x.tenant_id = g.tenant_id AND (x.connection_id IS NULL OR x.action = 'signal')
              AND x.available_at <= now_ts AND (x.leased_until IS NULL OR x.leased_until < now_ts)
            ORDER BY x.id LIMIT most FOR UPDATE SKIP LOCKED) picked
      WHERE o.tenant_id = picked.tenant_id AND o.id = picked.id
      RETURNING o.tenant_id, o.id;
  END LOOP;
END $$;
GRANT CREATE ON SCHEMA definer TO nervio_definer;
ALTER FUNCTION definer.claim_outbox(uuid, int, int, int, text[]) OWNER TO nervio_definer;
REVOKE CREATE ON SCHEMA definer FROM nervio_definer;
REVOKE ALL ON FUNCTION definer.claim_outbox(uuid, int, int, int, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION definer.claim_outbox(uuid, int, int, int, text[]) TO nervio_app;
