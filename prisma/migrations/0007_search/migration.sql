-- The search of operations: by the beginning of a pallet's code, whatever the server's collation, and by chamber.
CREATE INDEX pallet_move_line_code_prefix_idx ON pallet_move_line (tenant_id, code COLLATE "C", operation_id);
CREATE INDEX pallet_move_destination_idx ON pallet_move (tenant_id, destination_id);
