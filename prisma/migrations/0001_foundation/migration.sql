-- Numbers that people see («NV-123»). Gaps are fine.
CREATE SEQUENCE operation_number_seq;


-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "plan" TEXT NOT NULL DEFAULT 'standard',
    "status" TEXT NOT NULL DEFAULT 'active',
    "locale" TEXT NOT NULL DEFAULT 'es-CL',
    "currency" TEXT NOT NULL DEFAULT 'CLP',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "site" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "address" TEXT,
    "time_zone" TEXT NOT NULL DEFAULT 'America/Santiago',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "site_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "all_sites" BOOLEAN NOT NULL DEFAULT true,
    "locale" TEXT NOT NULL DEFAULT 'es',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_login_at" TIMESTAMPTZ(6),

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "user_site" (
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "site_id" UUID NOT NULL,

    CONSTRAINT "user_site_pkey" PRIMARY KEY ("tenant_id","user_id","site_id")
);

-- CreateTable
CREATE TABLE "session" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "device" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(6),
    "revoked_reason" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "refresh_token" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "refresh_token_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "operation_id" UUID,
    "status" INTEGER NOT NULL,
    "response" JSONB,
    "response_expires_at" TIMESTAMPTZ(6) NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("tenant_id","key")
);

-- CreateTable
CREATE TABLE "connection" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secret" BYTEA NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'unknown',
    "state_since" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "latency_ms" INTEGER,
    "server_version" TEXT,
    "last_error" TEXT,
    "last_probe_at" TIMESTAMPTZ(6),
    "catalogue_synced_at" TIMESTAMPTZ(6),
    "max_concurrency" INTEGER NOT NULL DEFAULT 4,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "location" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "external_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "short_name" TEXT NOT NULL,
    "barcode" TEXT,
    "usage" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "synced_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "location_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "pallet" (
    "tenant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "weight_kg" DECIMAL(14,3),
    "product" TEXT,
    "location_id" UUID,
    "problem" TEXT,
    "fetched_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pallet_pkey" PRIMARY KEY ("tenant_id","connection_id","code")
);

-- CreateTable
CREATE TABLE "operation" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" BIGINT NOT NULL DEFAULT nextval('operation_number_seq'::regclass),
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "step" TEXT NOT NULL DEFAULT 'accepted',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "effect" INTEGER NOT NULL DEFAULT 1,
    "outside" TEXT NOT NULL DEFAULT 'none',
    "version" INTEGER NOT NULL DEFAULT 1,
    "site_id" UUID,
    "connection_id" UUID,
    "queue" TEXT NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),
    "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
    "lanes_ahead" INTEGER NOT NULL DEFAULT 0,
    "slot_at" TIMESTAMPTZ(6),
    "wake_after" TIMESTAMPTZ(6),
    "workflow_id" TEXT,
    "run_id" TEXT,
    "error" JSONB,
    "replaced_by" UUID,

    CONSTRAINT "operation_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "operation_event" (
    "tenant_id" UUID NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "operation_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "attempt" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "data" JSONB,
    "actor_id" UUID,
    "site_id" UUID,

    CONSTRAINT "operation_event_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "lane" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "next_ticket" BIGINT NOT NULL DEFAULT 1,

    CONSTRAINT "lane_pkey" PRIMARY KEY ("tenant_id","key")
);

-- CreateTable
CREATE TABLE "operation_lane" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "ticket" BIGINT NOT NULL,
    "operation_id" UUID NOT NULL,

    CONSTRAINT "operation_lane_pkey" PRIMARY KEY ("tenant_id","key","ticket")
);

-- CreateTable
CREATE TABLE "outbox" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "queue" TEXT NOT NULL,
    "workflow_type" TEXT NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "signal" TEXT,
    "args" JSONB NOT NULL,
    "operation_id" UUID,
    "attempt" INTEGER,
    "connection_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "available_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "batch_id" UUID,
    "leased_until" TIMESTAMPTZ(6),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "pallet_move" (
    "tenant_id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "destination_id" UUID NOT NULL,
    "scanned_at" TIMESTAMPTZ(6) NOT NULL,
    "picking_name" TEXT,

    CONSTRAINT "pallet_move_pkey" PRIMARY KEY ("tenant_id","operation_id")
);

-- CreateTable
CREATE TABLE "pallet_move_line" (
    "tenant_id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "check_from" BOOLEAN NOT NULL,
    "from_id" UUID,
    "found_id" UUID,
    "moved_from_id" UUID,
    "package_id" INTEGER,
    "weight_kg" DECIMAL(14,3),
    "problem" TEXT,

    CONSTRAINT "pallet_move_line_pkey" PRIMARY KEY ("tenant_id","operation_id","code")
);

-- CreateTable
CREATE TABLE "audit" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" UUID,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "entity_type" TEXT NOT NULL,
    "entity_id" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "location_from" UUID,
    "location_to" UUID,
    "operation_id" UUID,
    "request_id" TEXT,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "process" (
    "id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "beat_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "process_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tenant_slug_key" ON "tenant"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "site_tenant_id_name_key" ON "site"("tenant_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user"("email");

-- CreateIndex
CREATE INDEX "session_tenant_id_user_id_idx" ON "session"("tenant_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_token_hash_key" ON "refresh_token"("hash");

-- CreateIndex
CREATE INDEX "refresh_token_tenant_id_session_id_idx" ON "refresh_token"("tenant_id", "session_id");

-- CreateIndex
CREATE UNIQUE INDEX "connection_tenant_id_kind_name_key" ON "connection"("tenant_id", "kind", "name");

-- CreateIndex
CREATE INDEX "location_tenant_id_barcode_idx" ON "location"("tenant_id", "barcode");

-- CreateIndex
CREATE UNIQUE INDEX "location_tenant_id_connection_id_external_id_key" ON "location"("tenant_id", "connection_id", "external_id");

-- CreateIndex
CREATE INDEX "operation_tenant_id_created_at_id_idx" ON "operation"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "operation_tenant_id_state_created_at_id_idx" ON "operation"("tenant_id", "state", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "operation_tenant_id_number_idx" ON "operation"("tenant_id", "number");

-- CreateIndex
CREATE INDEX "operation_event_tenant_id_operation_id_id_idx" ON "operation_event"("tenant_id", "operation_id", "id");

-- CreateIndex
CREATE INDEX "operation_event_tenant_id_xid_id_idx" ON "operation_event"("tenant_id", "xid", "id");

-- CreateIndex
CREATE INDEX "operation_lane_tenant_id_operation_id_idx" ON "operation_lane"("tenant_id", "operation_id");

-- CreateIndex
CREATE INDEX "outbox_tenant_id_operation_id_idx" ON "outbox"("tenant_id", "operation_id");

-- CreateIndex
CREATE INDEX "outbox_queue_tenant_id_available_at_idx" ON "outbox"("queue", "tenant_id", "available_at");

-- CreateIndex
CREATE INDEX "pallet_move_line_tenant_id_code_operation_id_idx" ON "pallet_move_line"("tenant_id", "code", "operation_id");

-- CreateIndex
CREATE INDEX "audit_tenant_id_at_id_idx" ON "audit"("tenant_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_tenant_id_entity_type_entity_id_idx" ON "audit"("tenant_id", "entity_type", "entity_id");

-- AddForeignKey
ALTER TABLE "user_site" ADD CONSTRAINT "user_site_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "app_user"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;


-- ---------------------------------------------------------------------------------------------------------------------
-- What Prisma's schema cannot say.

ALTER TABLE app_user ADD CONSTRAINT app_user_email_lower CHECK (email = lower(email));
ALTER TABLE app_user ADD CONSTRAINT app_user_role CHECK (role IN ('admin', 'manager', 'cashier', 'warehouse', 'finance', 'auditor', 'device'));
ALTER TABLE site ADD CONSTRAINT site_kind CHECK (kind IN ('store', 'warehouse'));
ALTER TABLE connection ADD CONSTRAINT connection_state CHECK (state IN ('unknown', 'up', 'down', 'credentials', 'incompatible'));
ALTER TABLE operation ADD CONSTRAINT operation_state CHECK (state IN
  ('pending', 'syncing', 'waiting', 'needs_attention', 'compensating', 'synced', 'compensated', 'cancelled'));
ALTER TABLE operation ADD CONSTRAINT operation_outside CHECK (outside IN ('none', 'maybe', 'present'));
ALTER TABLE operation ADD CONSTRAINT operation_lanes_ahead CHECK (lanes_ahead >= 0);
ALTER TABLE outbox ADD CONSTRAINT outbox_action CHECK (action IN ('start', 'signal', 'signal_with_start'));

ALTER TABLE site ADD CONSTRAINT site_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id);
ALTER TABLE app_user ADD CONSTRAINT app_user_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id);
ALTER TABLE user_site ADD CONSTRAINT user_site_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE session ADD CONSTRAINT session_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_session_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE connection ADD CONSTRAINT connection_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id);
ALTER TABLE location ADD CONSTRAINT location_connection_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE pallet ADD CONSTRAINT pallet_connection_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE operation ADD CONSTRAINT operation_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id);
ALTER TABLE operation ADD CONSTRAINT operation_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id);
ALTER TABLE operation ADD CONSTRAINT operation_connection_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection (tenant_id, id);
ALTER TABLE operation_event ADD CONSTRAINT operation_event_operation_fkey FOREIGN KEY (tenant_id, operation_id) REFERENCES operation (tenant_id, id);
ALTER TABLE pallet_move ADD CONSTRAINT pallet_move_operation_fkey FOREIGN KEY (tenant_id, operation_id) REFERENCES operation (tenant_id, id);
ALTER TABLE pallet_move ADD CONSTRAINT pallet_move_destination_fkey FOREIGN KEY (tenant_id, destination_id) REFERENCES location (tenant_id, id);
ALTER TABLE pallet_move_line ADD CONSTRAINT pallet_move_line_move_fkey FOREIGN KEY (tenant_id, operation_id) REFERENCES pallet_move (tenant_id, operation_id);

-- Hot, small sets: what takes a place of a connection, what waits, what is open, who is first in a lane.
CREATE INDEX operation_slot_idx ON operation (tenant_id, connection_id) WHERE slot_at IS NOT NULL;
CREATE INDEX operation_waiting_idx ON operation (tenant_id, connection_id, number) WHERE state = 'waiting';
CREATE INDEX operation_open_idx ON operation (tenant_id, updated_at) WHERE state IN ('pending', 'syncing', 'waiting', 'compensating');
ALTER TABLE outbox SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000);

-- ---------------------------------------------------------------------------------------------------------------------
-- Roles: the owner migrates; nervio_app holds what the application may do, and each database's own log-in role gets the
-- same (prisma/roles.ts). nervio_definer owns the functions that look across tenants. Roles belong to the whole server, so
-- another database's migration may have made them already.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nervio_app') THEN
    BEGIN CREATE ROLE nervio_app NOLOGIN NOBYPASSRLS; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nervio_definer') THEN
    BEGIN CREATE ROLE nervio_definer NOLOGIN NOBYPASSRLS; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  END IF;
  IF NOT pg_has_role(current_user, 'nervio_definer', 'MEMBER') THEN
    EXECUTE format('GRANT nervio_definer TO %I', current_user);
  END IF;
END $$;

GRANT USAGE ON SCHEMA public TO nervio_app, nervio_definer;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO nervio_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO nervio_app;
-- The ledger-like tables are append-only for the application.
REVOKE UPDATE, DELETE ON operation_event, audit FROM nervio_app;
REVOKE DELETE ON operation, pallet_move, pallet_move_line, tenant, idempotency_key FROM nervio_app;
REVOKE ALL ON _prisma_migrations FROM nervio_app;
GRANT SELECT ON _prisma_migrations TO nervio_app;

-- Row-level security on every table that has a tenant. A used connection holds '' in the setting, hence nullif.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;

DO $$
DECLARE t text;
BEGIN
  FOR t IN SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant_isolation ON %I USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
  END LOOP;
END $$;
ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenant USING (id = current_tenant()) WITH CHECK (id = current_tenant());

-- What the definer functions may touch, table by table.
CREATE POLICY definer_read ON tenant FOR SELECT TO nervio_definer USING (true);
CREATE POLICY definer_read ON app_user FOR SELECT TO nervio_definer USING (true);
CREATE POLICY definer_read ON refresh_token FOR SELECT TO nervio_definer USING (true);
CREATE POLICY definer_all ON connection TO nervio_definer USING (true) WITH CHECK (true);
CREATE POLICY definer_all ON operation TO nervio_definer USING (true) WITH CHECK (true);
CREATE POLICY definer_all ON outbox TO nervio_definer USING (true) WITH CHECK (true);
GRANT SELECT ON tenant, app_user, refresh_token TO nervio_definer;
GRANT SELECT, UPDATE ON connection, operation TO nervio_definer;
GRANT SELECT, INSERT, UPDATE ON outbox TO nervio_definer;

-- ---------------------------------------------------------------------------------------------------------------------
-- The one place where code looks across tenants. Each function returns ids and tenant ids only (or sums over all).
CREATE SCHEMA definer;
GRANT USAGE ON SCHEMA definer TO nervio_app;
GRANT USAGE, CREATE ON SCHEMA definer TO nervio_definer;

CREATE FUNCTION definer.find_user_by_email(p_email text) RETURNS TABLE (tenant_id uuid, user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.tenant_id, u.id FROM app_user u WHERE u.email = lower(p_email)
$$;

CREATE FUNCTION definer.find_refresh_token(p_hash bytea) RETURNS TABLE (tenant_id uuid, token_id uuid, session_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.tenant_id, r.id, r.session_id FROM refresh_token r WHERE r.hash = p_hash
$$;

CREATE FUNCTION definer.list_tenants() RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id FROM tenant t WHERE t.status = 'active' ORDER BY t.id
$$;

CREATE FUNCTION definer.list_connections() RETURNS TABLE (tenant_id uuid, connection_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.tenant_id, c.id FROM connection c ORDER BY c.tenant_id, c.id
$$;

-- Connections that nobody has probed lately: their watcher was terminated, or never started.
CREATE FUNCTION definer.find_unwatched(p_quiet_ms int) RETURNS TABLE (tenant_id uuid, connection_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.tenant_id, c.id FROM connection c
  WHERE c.last_probe_at IS NULL OR c.last_probe_at < clock_timestamp() - make_interval(secs => p_quiet_ms / 1000.0)
$$;

-- Hands out outbox rows under a lease. A start that needs a connection takes one of the connection's places
-- (operation.slot_at), counted here under the lock of the connection's row. while its circuit is open nothing is handed
-- over. Operations that wait and may be looked at again get a signal first, oldest first. All other rows go out at most
-- p_limit per (task queue, tenant), so that a backlog of one does not hold back another.
CREATE FUNCTION definer.claim_outbox(p_batch uuid, p_limit int, p_lease_ms int) RETURNS TABLE (tenant_id uuid, outbox_id uuid)
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
        OR EXISTS (SELECT FROM operation p WHERE p.tenant_id = k.tenant_id AND p.connection_id = k.id AND p.state = 'waiting'
                     AND p.slot_at IS NULL AND p.run_id IS NOT NULL AND p.wake_after <= now_ts))
    ORDER BY k.tenant_id, k.id
    FOR UPDATE OF k SKIP LOCKED
  LOOP
    SELECT c.max_concurrency - count(*) INTO free FROM operation p
      WHERE p.tenant_id = c.tenant_id AND p.connection_id = c.id AND p.slot_at IS NOT NULL;

    FOR r IN
      SELECT p.id, p.queue, p.workflow_id, p.attempt FROM operation p
      WHERE p.tenant_id = c.tenant_id AND p.connection_id = c.id AND p.state = 'waiting'
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
      SELECT o.id, o.operation_id, p.slot_at IS NOT NULL AS has_slot
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

-- Accepted operations whose connection is down: they show `waiting` without having been handed over.
CREATE FUNCTION definer.find_parkable(p_limit int) RETURNS TABLE (tenant_id uuid, operation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.tenant_id, p.id FROM operation p JOIN connection c ON c.tenant_id = p.tenant_id AND c.id = p.connection_id
  WHERE p.state = 'pending' AND p.lanes_ahead = 0 AND c.state NOT IN ('up', 'unknown')
  ORDER BY p.number LIMIT p_limit
$$;

-- Open operations on which nothing has happened for a while. the sweep asks Temporal about each.
CREATE FUNCTION definer.find_quiet(p_quiet_ms int, p_limit int) RETURNS TABLE (tenant_id uuid, operation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.tenant_id, p.id FROM operation p
  WHERE p.state IN ('pending', 'syncing', 'waiting', 'compensating')
    AND p.updated_at < clock_timestamp() - make_interval(secs => p_quiet_ms / 1000.0)
    AND (p.state <> 'pending' OR (p.lanes_ahead = 0 AND NOT EXISTS (
      SELECT FROM outbox o WHERE o.tenant_id = p.tenant_id AND o.operation_id = p.id AND o.action <> 'signal')))
    AND NOT (p.state = 'waiting' AND p.run_id IS NULL AND EXISTS (
      SELECT FROM outbox o WHERE o.tenant_id = p.tenant_id AND o.operation_id = p.id AND o.action <> 'signal'))
  ORDER BY p.updated_at LIMIT p_limit
$$;

-- Sums for the metrics, over all tenants.
CREATE FUNCTION definer.outbox_stats() RETURNS TABLE (row_count bigint, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(o.available_at)), 0)::double precision
  FROM outbox o LEFT JOIN connection c ON c.tenant_id = o.tenant_id AND c.id = o.connection_id
  WHERE c.id IS NULL OR c.state IN ('up', 'unknown')
$$;

CREATE FUNCTION definer.open_operation_stats() RETURNS TABLE (kind text, state text, row_count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.kind, p.state, count(*) FROM operation p
  WHERE p.state IN ('pending', 'syncing', 'waiting', 'compensating') GROUP BY p.kind, p.state
$$;

DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'definer' LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO nervio_definer', f);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO nervio_app', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA definer FROM nervio_definer;
