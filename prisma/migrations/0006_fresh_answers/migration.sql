-- An answer of Odoo that comes late must not bring back the place that a pallet had before its move ended. `fetched_at`
-- null: Odoo was never asked about it, only an operation on it has ended.
ALTER TABLE pallet ALTER COLUMN fetched_at DROP NOT NULL, ADD COLUMN expired_at TIMESTAMPTZ(6);

-- The clean-up takes away the bodies of answers that have expired; the keys stay for ever.
CREATE INDEX idempotency_key_expiry_idx ON idempotency_key (tenant_id, response_expires_at) WHERE response IS NOT NULL;
