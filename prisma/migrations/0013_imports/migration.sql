-- Imports and price syncs, as they are worked through in parts. What state an import is in, its operations say.
ALTER TABLE product_import DROP COLUMN state,
  ADD COLUMN kept_count INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN ignored_columns TEXT[] DEFAULT ARRAY[]::TEXT[];
-- Changed by someone since: the undo leaves it as it is.
ALTER TABLE product_import_row ADD COLUMN kept BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE price_sync_line ADD COLUMN kept BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE price_sync ADD COLUMN kept_count INTEGER NOT NULL DEFAULT 0;

CREATE INDEX product_import_row_open_idx ON product_import_row (tenant_id, import_id, row) WHERE NOT applied AND action IN ('create', 'update');
CREATE INDEX product_import_row_applied_idx ON product_import_row (tenant_id, import_id, row) WHERE applied AND NOT kept;
CREATE INDEX product_import_row_made_idx ON product_import_row (tenant_id, variant_id) WHERE action = 'create';
CREATE INDEX price_sync_line_open_idx ON price_sync_line (tenant_id, operation_id, variant_id, site_id) WHERE NOT applied AND NOT kept;
CREATE INDEX price_sync_line_applied_idx ON price_sync_line (tenant_id, operation_id, variant_id, site_id) WHERE applied;
-- Who undid it: the operation is one of the business.
ALTER TABLE product_import ADD CONSTRAINT product_import_undone_by_fkey FOREIGN KEY (tenant_id, undone_by) REFERENCES operation (tenant_id, id);
