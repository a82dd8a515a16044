-- Stores, products, the ledger of stock, tills and sales.
CREATE SEQUENCE stock_document_number_seq;

ALTER TABLE site ADD COLUMN allow_negative BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN active BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "site_location" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "site_location_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "size" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "size_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "colour" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hex" TEXT,
    "position" INTEGER NOT NULL,

    CONSTRAINT "colour_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "site_size" (
    "tenant_id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "size_id" UUID NOT NULL,

    CONSTRAINT "site_size_pkey" PRIMARY KEY ("tenant_id","site_id","size_id")
);

-- CreateTable
CREATE TABLE "site_colour" (
    "tenant_id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "colour_id" UUID NOT NULL,

    CONSTRAINT "site_colour_pkey" PRIMARY KEY ("tenant_id","site_id","colour_id")
);

-- CreateTable
CREATE TABLE "site_setup" (
    "tenant_id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "size_id" UUID NOT NULL,
    "colour_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "site_setup_pkey" PRIMARY KEY ("tenant_id","site_id")
);

-- CreateTable
CREATE TABLE "product" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "category" TEXT,
    "description" TEXT,
    "unit" TEXT NOT NULL DEFAULT 'unit',
    "tax_rate" DECIMAL(6,4) NOT NULL DEFAULT 0.19,
    "withdrawn_at" TIMESTAMPTZ(6),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" UUID,

    CONSTRAINT "product_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "variant" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "sku" TEXT NOT NULL,
    "size_id" UUID NOT NULL,
    "colour_id" UUID NOT NULL,
    "price" BIGINT NOT NULL,
    "retail_price" BIGINT,
    "cost" BIGINT NOT NULL DEFAULT 0,
    "min_stock" DECIMAL(14,3),
    "max_stock" DECIMAL(14,3),
    "active" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "variant_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "variant_code" (
    "tenant_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "variant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'barcode',
    "supplier" TEXT,

    CONSTRAINT "variant_code_pkey" PRIMARY KEY ("tenant_id","code")
);

-- CreateTable
CREATE TABLE "site_price" (
    "tenant_id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "price" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" UUID,

    CONSTRAINT "site_price_pkey" PRIMARY KEY ("tenant_id","site_id","variant_id")
);

-- CreateTable
CREATE TABLE "product_image" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "product_image_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "stock_level" (
    "tenant_id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "size_id" UUID NOT NULL,
    "colour_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "on_hand" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "held" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "in_transit" DECIMAL(14,3) NOT NULL DEFAULT 0,
    "version" BIGINT NOT NULL DEFAULT 0,
    "allow_negative" BOOLEAN NOT NULL DEFAULT false,
    "negative_task_id" UUID,
    "min_stock" DECIMAL(14,3),
    "max_stock" DECIMAL(14,3),
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stock_level_pkey" PRIMARY KEY ("tenant_id","site_id","variant_id")
);

-- CreateTable
CREATE TABLE "stock_movement" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "version" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "quantity" DECIMAL(14,3) NOT NULL,
    "balance" DECIMAL(14,3) NOT NULL,
    "unit_cost" BIGINT,
    "unit_price" BIGINT,
    "reason" TEXT,
    "operation_id" UUID,
    "document_id" UUID,
    "user_id" UUID,
    "client_at" TIMESTAMPTZ(6),
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "stock_movement_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "stock_hold" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "quantity" DECIMAL(14,3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'held',
    "purpose" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(6),
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "stock_hold_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "stock_entry" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" BIGINT NOT NULL DEFAULT nextval('stock_document_number_seq'::regclass),
    "site_id" UUID NOT NULL,
    "supplier" TEXT,
    "reference" TEXT,
    "note" TEXT,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stock_entry_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "stock_count" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" BIGINT NOT NULL DEFAULT nextval('stock_document_number_seq'::regclass),
    "site_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "note" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_by" UUID,
    "closed_at" TIMESTAMPTZ(6),

    CONSTRAINT "stock_count_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "stock_count_line" (
    "tenant_id" UUID NOT NULL,
    "count_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "expected" DECIMAL(14,3) NOT NULL,
    "counted" DECIMAL(14,3) NOT NULL,
    "counted_by" UUID NOT NULL,
    "counted_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stock_count_line_pkey" PRIMARY KEY ("tenant_id","count_id","variant_id")
);

-- CreateTable
CREATE TABLE "low_stock_event" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "on_hand" DECIMAL(14,3) NOT NULL,
    "min_stock" DECIMAL(14,3) NOT NULL,
    "version" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "low_stock_event_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "stock_shortage" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "opened_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "closed_at" TIMESTAMPTZ(6),

    CONSTRAINT "stock_shortage_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "stock_finding" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "expected" DECIMAL(14,3) NOT NULL,
    "found" DECIMAL(14,3) NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "repaired_at" TIMESTAMPTZ(6),

    CONSTRAINT "stock_finding_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "register" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "next_sale_number" BIGINT NOT NULL DEFAULT 1,
    "next_z_number" INTEGER NOT NULL DEFAULT 1,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "register_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "register_session" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "register_id" UUID NOT NULL,
    "opening_float" BIGINT NOT NULL,
    "opened_by" UUID NOT NULL,
    "opened_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expected" BIGINT,
    "counted" BIGINT,
    "z_number" INTEGER,
    "report" JSONB,
    "closed_by" UUID,
    "closed_at" TIMESTAMPTZ(6),
    "note" TEXT,

    CONSTRAINT "register_session_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "cash_movement" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "amount" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cash_movement_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "sale" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'sale',
    "site_id" UUID NOT NULL,
    "register_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "original_id" UUID,
    "currency" TEXT NOT NULL,
    "total" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "change" BIGINT NOT NULL DEFAULT 0,
    "customer" JSONB,
    "reason" TEXT,
    "user_id" UUID,
    "client_at" TIMESTAMPTZ(6),
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "line_count" INTEGER NOT NULL,

    CONSTRAINT "sale_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "sale_line" (
    "tenant_id" UUID NOT NULL,
    "sale_id" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "variant_id" UUID NOT NULL,
    "sku" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "quantity" DECIMAL(14,3) NOT NULL,
    "unit_price" BIGINT NOT NULL,
    "list_price" BIGINT NOT NULL,
    "unit_cost" BIGINT NOT NULL,
    "tax_rate" DECIMAL(6,4) NOT NULL,
    "tax" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "original_line" INTEGER,

    CONSTRAINT "sale_line_pkey" PRIMARY KEY ("tenant_id","sale_id","line")
);

-- CreateTable
CREATE TABLE "sale_payment" (
    "tenant_id" UUID NOT NULL,
    "sale_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "method" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "sale_payment_pkey" PRIMARY KEY ("tenant_id","sale_id","position")
);

-- CreateTable
CREATE TABLE "parked_ticket" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "register_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "lines" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'parked',
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "parked_ticket_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "receipt_mail" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "sale_id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(6),
    "refused" TEXT,

    CONSTRAINT "receipt_mail_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "product_import" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "operation_id" UUID,
    "undone_by" UUID,
    "file_name" TEXT NOT NULL,
    "file_key" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'previewed',
    "site_id" UUID,
    "row_count" INTEGER NOT NULL,
    "bad_count" INTEGER NOT NULL,
    "done_count" INTEGER NOT NULL DEFAULT 0,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "product_import_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "product_import_row" (
    "tenant_id" UUID NOT NULL,
    "import_id" UUID NOT NULL,
    "row" INTEGER NOT NULL,
    "data" JSONB NOT NULL,
    "problems" JSONB NOT NULL DEFAULT '[]',
    "action" TEXT NOT NULL,
    "variant_id" UUID,
    "before" JSONB,
    "applied" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "product_import_row_pkey" PRIMARY KEY ("tenant_id","import_id","row")
);

-- CreateTable
CREATE TABLE "price_sync" (
    "tenant_id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "from_site_id" UUID,
    "to_site_ids" UUID[],
    "category" TEXT,
    "price_count" INTEGER NOT NULL,
    "done_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "price_sync_pkey" PRIMARY KEY ("tenant_id","operation_id")
);

-- CreateTable
CREATE TABLE "price_sync_line" (
    "tenant_id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "price" BIGINT NOT NULL,
    "before" BIGINT,
    "applied" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "price_sync_line_pkey" PRIMARY KEY ("tenant_id","operation_id","site_id","variant_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "site_location_tenant_id_site_id_id_key" ON "site_location"("tenant_id", "site_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "site_location_tenant_id_site_id_name_key" ON "site_location"("tenant_id", "site_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "size_tenant_id_name_key" ON "size"("tenant_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "colour_tenant_id_name_key" ON "colour"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "product_tenant_id_name_id_idx" ON "product"("tenant_id", "name", "id");

-- CreateIndex
CREATE INDEX "product_tenant_id_category_name_id_idx" ON "product"("tenant_id", "category", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "variant_tenant_id_sku_key" ON "variant"("tenant_id", "sku");

-- CreateIndex
CREATE UNIQUE INDEX "variant_tenant_id_product_id_size_id_colour_id_key" ON "variant"("tenant_id", "product_id", "size_id", "colour_id");

-- CreateIndex
CREATE UNIQUE INDEX "variant_tenant_id_id_size_id_colour_id_key" ON "variant"("tenant_id", "id", "size_id", "colour_id");

-- CreateIndex
CREATE INDEX "variant_code_tenant_id_variant_id_idx" ON "variant_code"("tenant_id", "variant_id");

-- CreateIndex
CREATE INDEX "site_price_tenant_id_variant_id_idx" ON "site_price"("tenant_id", "variant_id");

-- CreateIndex
CREATE INDEX "product_image_tenant_id_product_id_position_idx" ON "product_image"("tenant_id", "product_id", "position");

-- CreateIndex
CREATE INDEX "stock_level_tenant_id_variant_id_idx" ON "stock_level"("tenant_id", "variant_id");

-- CreateIndex
CREATE INDEX "stock_movement_tenant_id_document_id_idx" ON "stock_movement"("tenant_id", "document_id");

-- CreateIndex
CREATE UNIQUE INDEX "stock_movement_tenant_id_site_id_variant_id_version_key" ON "stock_movement"("tenant_id", "site_id", "variant_id", "version");

-- CreateIndex
CREATE INDEX "stock_hold_tenant_id_owner_id_idx" ON "stock_hold"("tenant_id", "owner_id");

-- CreateIndex
CREATE INDEX "stock_entry_tenant_id_site_id_number_idx" ON "stock_entry"("tenant_id", "site_id", "number");

-- CreateIndex
CREATE INDEX "stock_count_tenant_id_site_id_number_idx" ON "stock_count"("tenant_id", "site_id", "number");

-- CreateIndex
CREATE INDEX "stock_shortage_tenant_id_site_id_variant_id_idx" ON "stock_shortage"("tenant_id", "site_id", "variant_id");

-- CreateIndex
CREATE INDEX "stock_finding_tenant_id_at_idx" ON "stock_finding"("tenant_id", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "register_tenant_id_site_id_id_key" ON "register"("tenant_id", "site_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "register_tenant_id_site_id_name_key" ON "register"("tenant_id", "site_id", "name");

-- CreateIndex
CREATE INDEX "register_session_tenant_id_register_id_opened_at_idx" ON "register_session"("tenant_id", "register_id", "opened_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "register_session_tenant_id_register_id_id_key" ON "register_session"("tenant_id", "register_id", "id");

-- CreateIndex
CREATE INDEX "cash_movement_tenant_id_session_id_idx" ON "cash_movement"("tenant_id", "session_id");

-- CreateIndex
CREATE INDEX "sale_tenant_id_site_id_at_idx" ON "sale"("tenant_id", "site_id", "at" DESC);

-- CreateIndex
CREATE INDEX "sale_tenant_id_session_id_idx" ON "sale"("tenant_id", "session_id");

-- CreateIndex
CREATE INDEX "sale_tenant_id_operation_id_idx" ON "sale"("tenant_id", "operation_id");

-- CreateIndex
CREATE INDEX "sale_tenant_id_original_id_idx" ON "sale"("tenant_id", "original_id");

-- CreateIndex
CREATE UNIQUE INDEX "sale_tenant_id_register_id_number_key" ON "sale"("tenant_id", "register_id", "number");

-- CreateIndex
CREATE INDEX "parked_ticket_tenant_id_register_id_created_at_idx" ON "parked_ticket"("tenant_id", "register_id", "created_at");

-- CreateIndex
CREATE INDEX "receipt_mail_tenant_id_sale_id_idx" ON "receipt_mail"("tenant_id", "sale_id");

-- CreateIndex
CREATE INDEX "product_import_tenant_id_created_at_idx" ON "product_import"("tenant_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "product_import_tenant_id_operation_id_idx" ON "product_import"("tenant_id", "operation_id");

-- ---------------------------------------------------------------------------------------------------------------------
-- What cannot be.
ALTER TABLE product ADD CONSTRAINT product_unit CHECK (unit IN ('unit', 'kg', 'm', 'l'));
ALTER TABLE product ADD CONSTRAINT product_tax_rate CHECK (tax_rate >= 0 AND tax_rate < 1);
ALTER TABLE variant ADD CONSTRAINT variant_amounts CHECK (price >= 0 AND cost >= 0 AND (retail_price IS NULL OR retail_price >= 0));
ALTER TABLE variant ADD CONSTRAINT variant_limits CHECK (min_stock >= 0 AND max_stock >= 0 AND min_stock <= max_stock);
ALTER TABLE variant_code ADD CONSTRAINT variant_code_kind CHECK (kind IN ('barcode', 'supplier'));
ALTER TABLE site_price ADD CONSTRAINT site_price_amount CHECK (price >= 0);
-- The last guard (docs/decisions/040-ledger.md): below zero only where the site allows it, or an open task says so.
ALTER TABLE stock_level ADD CONSTRAINT stock_level_on_hand CHECK (on_hand >= 0 OR allow_negative OR negative_task_id IS NOT NULL);
ALTER TABLE stock_level ADD CONSTRAINT stock_level_held CHECK (held >= 0 AND (held <= greatest(on_hand, 0) OR allow_negative OR negative_task_id IS NOT NULL));
ALTER TABLE stock_level ADD CONSTRAINT stock_level_in_transit CHECK (in_transit >= 0);
ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_kind CHECK (kind IN
  ('entry', 'sale', 'void', 'return', 'adjustment', 'count', 'transfer_out', 'transfer_in', 'legacy', 'channel', 'opening'));
ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_quantity CHECK (quantity <> 0);
ALTER TABLE stock_hold ADD CONSTRAINT stock_hold_state CHECK (state IN ('held', 'claimed', 'released', 'expired'));
ALTER TABLE stock_hold ADD CONSTRAINT stock_hold_quantity CHECK (quantity > 0);
ALTER TABLE stock_count ADD CONSTRAINT stock_count_state CHECK (state IN ('open', 'closed', 'cancelled'));
ALTER TABLE stock_count_line ADD CONSTRAINT stock_count_line_counted CHECK (counted >= 0);
ALTER TABLE stock_finding ADD CONSTRAINT stock_finding_kind CHECK (kind IN ('level', 'held', 'cache'));
ALTER TABLE register_session ADD CONSTRAINT register_session_float CHECK (opening_float >= 0 AND counted >= 0);
ALTER TABLE register_session ADD CONSTRAINT register_session_closed CHECK
  ((closed_at IS NULL) = (counted IS NULL) AND (closed_at IS NULL) = (z_number IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL));
ALTER TABLE cash_movement ADD CONSTRAINT cash_movement_amount CHECK (amount <> 0);
ALTER TABLE sale ADD CONSTRAINT sale_kind CHECK (kind IN ('sale', 'void', 'return'));
ALTER TABLE sale ADD CONSTRAINT sale_amounts CHECK (total >= 0 AND tax >= 0 AND change >= 0);
ALTER TABLE sale ADD CONSTRAINT sale_void_of CHECK (kind <> 'void' OR original_id IS NOT NULL);
ALTER TABLE sale_line ADD CONSTRAINT sale_line_amounts CHECK (quantity > 0 AND unit_price >= 0 AND total >= 0 AND tax >= 0);
ALTER TABLE sale_payment ADD CONSTRAINT sale_payment_method CHECK (method IN ('cash', 'card', 'transfer'));
ALTER TABLE sale_payment ADD CONSTRAINT sale_payment_amount CHECK (amount > 0);
ALTER TABLE parked_ticket ADD CONSTRAINT parked_ticket_state CHECK (state IN ('parked', 'resumed', 'sold', 'dropped', 'expired'));
ALTER TABLE product_import ADD CONSTRAINT product_import_state CHECK
  (state IN ('previewed', 'applying', 'applied', 'undoing', 'undone', 'cancelled'));
ALTER TABLE product_import_row ADD CONSTRAINT product_import_row_action CHECK (action IN ('create', 'update', 'same', 'bad'));

ALTER TABLE site_location ADD CONSTRAINT site_location_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id);
ALTER TABLE size ADD CONSTRAINT size_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id);
ALTER TABLE colour ADD CONSTRAINT colour_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id);
ALTER TABLE site_size ADD CONSTRAINT site_size_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id);
ALTER TABLE site_size ADD CONSTRAINT site_size_size_fkey FOREIGN KEY (tenant_id, size_id) REFERENCES size (tenant_id, id);
ALTER TABLE site_colour ADD CONSTRAINT site_colour_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id);
ALTER TABLE site_colour ADD CONSTRAINT site_colour_colour_fkey FOREIGN KEY (tenant_id, colour_id) REFERENCES colour (tenant_id, id);
ALTER TABLE site_setup ADD CONSTRAINT site_setup_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id);
ALTER TABLE site_setup ADD CONSTRAINT site_setup_location_fkey FOREIGN KEY (tenant_id, site_id, location_id) REFERENCES site_location (tenant_id, site_id, id);
ALTER TABLE site_setup ADD CONSTRAINT site_setup_size_fkey FOREIGN KEY (tenant_id, site_id, size_id) REFERENCES site_size (tenant_id, site_id, size_id);
ALTER TABLE site_setup ADD CONSTRAINT site_setup_colour_fkey FOREIGN KEY (tenant_id, site_id, colour_id) REFERENCES site_colour (tenant_id, site_id, colour_id);
ALTER TABLE product ADD CONSTRAINT product_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id);
ALTER TABLE variant ADD CONSTRAINT variant_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id);
ALTER TABLE variant ADD CONSTRAINT variant_size_fkey FOREIGN KEY (tenant_id, size_id) REFERENCES size (tenant_id, id);
ALTER TABLE variant ADD CONSTRAINT variant_colour_fkey FOREIGN KEY (tenant_id, colour_id) REFERENCES colour (tenant_id, id);
ALTER TABLE variant_code ADD CONSTRAINT variant_code_variant_fkey FOREIGN KEY (tenant_id, variant_id) REFERENCES variant (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE site_price ADD CONSTRAINT site_price_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id);
ALTER TABLE site_price ADD CONSTRAINT site_price_variant_fkey FOREIGN KEY (tenant_id, variant_id) REFERENCES variant (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE product_image ADD CONSTRAINT product_image_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id) ON DELETE CASCADE;
-- A variant is in a site only where the site is set up and carries its size and colour (TEN-02).
ALTER TABLE stock_level ADD CONSTRAINT stock_level_setup_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site_setup (tenant_id, site_id);
ALTER TABLE stock_level ADD CONSTRAINT stock_level_variant_fkey FOREIGN KEY (tenant_id, variant_id, size_id, colour_id) REFERENCES variant (tenant_id, id, size_id, colour_id);
ALTER TABLE stock_level ADD CONSTRAINT stock_level_location_fkey FOREIGN KEY (tenant_id, site_id, location_id) REFERENCES site_location (tenant_id, site_id, id);
ALTER TABLE stock_level ADD CONSTRAINT stock_level_size_fkey FOREIGN KEY (tenant_id, site_id, size_id) REFERENCES site_size (tenant_id, site_id, size_id);
ALTER TABLE stock_level ADD CONSTRAINT stock_level_colour_fkey FOREIGN KEY (tenant_id, site_id, colour_id) REFERENCES site_colour (tenant_id, site_id, colour_id);
ALTER TABLE stock_movement ADD CONSTRAINT stock_movement_level_fkey FOREIGN KEY (tenant_id, site_id, variant_id) REFERENCES stock_level (tenant_id, site_id, variant_id);
ALTER TABLE stock_hold ADD CONSTRAINT stock_hold_level_fkey FOREIGN KEY (tenant_id, site_id, variant_id) REFERENCES stock_level (tenant_id, site_id, variant_id);
ALTER TABLE stock_entry ADD CONSTRAINT stock_entry_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id);
ALTER TABLE stock_count ADD CONSTRAINT stock_count_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id);
ALTER TABLE stock_count_line ADD CONSTRAINT stock_count_line_count_fkey FOREIGN KEY (tenant_id, count_id) REFERENCES stock_count (tenant_id, id);
ALTER TABLE stock_count_line ADD CONSTRAINT stock_count_line_variant_fkey FOREIGN KEY (tenant_id, variant_id) REFERENCES variant (tenant_id, id);
ALTER TABLE low_stock_event ADD CONSTRAINT low_stock_event_level_fkey FOREIGN KEY (tenant_id, site_id, variant_id) REFERENCES stock_level (tenant_id, site_id, variant_id);
-- The movement that needs a shortage and the shortage itself refer to each other: checked at the commit.
ALTER TABLE stock_shortage ADD CONSTRAINT stock_shortage_level_fkey FOREIGN KEY (tenant_id, site_id, variant_id) REFERENCES stock_level (tenant_id, site_id, variant_id);
ALTER TABLE stock_level ADD CONSTRAINT stock_level_shortage_fkey FOREIGN KEY (tenant_id, negative_task_id) REFERENCES stock_shortage (tenant_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE stock_finding ADD CONSTRAINT stock_finding_level_fkey FOREIGN KEY (tenant_id, site_id, variant_id) REFERENCES stock_level (tenant_id, site_id, variant_id);
ALTER TABLE register ADD CONSTRAINT register_site_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES site (tenant_id, id);
ALTER TABLE register_session ADD CONSTRAINT register_session_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id);
ALTER TABLE cash_movement ADD CONSTRAINT cash_movement_session_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES register_session (tenant_id, id);
ALTER TABLE sale ADD CONSTRAINT sale_operation_fkey FOREIGN KEY (tenant_id, operation_id) REFERENCES operation (tenant_id, id);
ALTER TABLE sale ADD CONSTRAINT sale_register_fkey FOREIGN KEY (tenant_id, site_id, register_id) REFERENCES register (tenant_id, site_id, id);
ALTER TABLE sale ADD CONSTRAINT sale_session_fkey FOREIGN KEY (tenant_id, register_id, session_id) REFERENCES register_session (tenant_id, register_id, id);
ALTER TABLE sale ADD CONSTRAINT sale_original_fkey FOREIGN KEY (tenant_id, original_id) REFERENCES sale (tenant_id, id);
ALTER TABLE sale_line ADD CONSTRAINT sale_line_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id);
ALTER TABLE sale_payment ADD CONSTRAINT sale_payment_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id);
ALTER TABLE parked_ticket ADD CONSTRAINT parked_ticket_register_fkey FOREIGN KEY (tenant_id, site_id, register_id) REFERENCES register (tenant_id, site_id, id);
ALTER TABLE receipt_mail ADD CONSTRAINT receipt_mail_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id);
ALTER TABLE product_import ADD CONSTRAINT product_import_operation_fkey FOREIGN KEY (tenant_id, operation_id) REFERENCES operation (tenant_id, id);
ALTER TABLE product_import_row ADD CONSTRAINT product_import_row_import_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES product_import (tenant_id, id);
ALTER TABLE price_sync ADD CONSTRAINT price_sync_operation_fkey FOREIGN KEY (tenant_id, operation_id) REFERENCES operation (tenant_id, id);
ALTER TABLE price_sync_line ADD CONSTRAINT price_sync_line_sync_fkey FOREIGN KEY (tenant_id, operation_id) REFERENCES price_sync (tenant_id, operation_id);
ALTER TABLE price_sync_line ADD CONSTRAINT price_sync_line_variant_fkey FOREIGN KEY (tenant_id, variant_id) REFERENCES variant (tenant_id, id);

-- A till has one open session, a sale one void, a level one open warning.
CREATE UNIQUE INDEX register_session_open_idx ON register_session (tenant_id, register_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX sale_void_idx ON sale (tenant_id, original_id) WHERE kind = 'void';
CREATE UNIQUE INDEX low_stock_event_open_idx ON low_stock_event (tenant_id, site_id, variant_id) WHERE ended_at IS NULL;
CREATE INDEX stock_hold_held_idx ON stock_hold (tenant_id, expires_at) WHERE state = 'held';
CREATE INDEX stock_hold_level_idx ON stock_hold (tenant_id, site_id, variant_id) WHERE state = 'held';
-- Two open counts of one shelf would both post the same difference.
CREATE UNIQUE INDEX stock_count_open_idx ON stock_count (tenant_id, site_id) WHERE state = 'open';
CREATE UNIQUE INDEX stock_shortage_open_idx ON stock_shortage (tenant_id, site_id, variant_id) WHERE closed_at IS NULL;
CREATE INDEX parked_ticket_parked_idx ON parked_ticket (tenant_id, expires_at) WHERE state = 'parked';
CREATE INDEX receipt_mail_open_idx ON receipt_mail (tenant_id, created_at) WHERE sent_at IS NULL AND refused IS NULL;
-- A level changes with every sale and none of its indexes does.
ALTER TABLE stock_level SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE register SET (fillfactor = 50);

-- ---------------------------------------------------------------------------------------------------------------------
-- TEN-01: a site is born with a location, the sizes and the colours of the business, in the statement that makes it, whoever
-- makes it. There is no moment in which it is half set up.
CREATE FUNCTION provision_site() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place uuid := gen_random_uuid();
BEGIN
  INSERT INTO site_location (tenant_id, id, site_id, name)
    VALUES (NEW.tenant_id, place, NEW.id, CASE NEW.kind WHEN 'store' THEN 'Sala de ventas' ELSE 'Bodega' END);
  INSERT INTO size (tenant_id, id, name, position) VALUES (NEW.tenant_id, gen_random_uuid(), 'Única', 0)
    ON CONFLICT (tenant_id, name) DO NOTHING;
  INSERT INTO colour (tenant_id, id, name, position) VALUES (NEW.tenant_id, gen_random_uuid(), 'Único', 0)
    ON CONFLICT (tenant_id, name) DO NOTHING;
  INSERT INTO site_size (tenant_id, site_id, size_id) SELECT NEW.tenant_id, NEW.id, s.id FROM size s WHERE s.tenant_id = NEW.tenant_id
    ON CONFLICT DO NOTHING;
  INSERT INTO site_colour (tenant_id, site_id, colour_id) SELECT NEW.tenant_id, NEW.id, c.id FROM colour c WHERE c.tenant_id = NEW.tenant_id
    ON CONFLICT DO NOTHING;
  INSERT INTO site_setup (tenant_id, site_id, location_id, size_id, colour_id)
    SELECT NEW.tenant_id, NEW.id, place, s.id, c.id FROM size s, colour c
    WHERE s.tenant_id = NEW.tenant_id AND s.name = 'Única' AND c.tenant_id = NEW.tenant_id AND c.name = 'Único';
  RETURN NULL;
END $$;
CREATE TRIGGER site_provision AFTER INSERT ON site FOR EACH ROW EXECUTE FUNCTION provision_site();

-- What the business adds later is carried by all its sites.
CREATE FUNCTION carry_size() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO site_size (tenant_id, site_id, size_id) SELECT NEW.tenant_id, s.id, NEW.id FROM site s WHERE s.tenant_id = NEW.tenant_id
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER size_carried AFTER INSERT ON size FOR EACH ROW EXECUTE FUNCTION carry_size();

CREATE FUNCTION carry_colour() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO site_colour (tenant_id, site_id, colour_id) SELECT NEW.tenant_id, s.id, NEW.id FROM site s WHERE s.tenant_id = NEW.tenant_id
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER colour_carried AFTER INSERT ON colour FOR EACH ROW EXECUTE FUNCTION carry_colour();

-- ---------------------------------------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO nervio_app;
GRANT USAGE, SELECT ON SEQUENCE stock_document_number_seq TO nervio_app;
REVOKE ALL ON _prisma_migrations FROM nervio_app;
GRANT SELECT ON _prisma_migrations TO nervio_app;
-- Append-only for the application: the ledger and the documents of the till.
REVOKE UPDATE, DELETE ON operation_event, audit, stock_movement, sale, sale_line, sale_payment, cash_movement, stock_entry FROM nervio_app;
REVOKE DELETE ON operation, pallet_move, pallet_move_line, tenant, idempotency_key, site, product, variant, stock_level, stock_hold,
  stock_count, register, register_session, parked_ticket, receipt_mail, low_stock_event, stock_shortage, stock_finding, product_import FROM nervio_app;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['site_location', 'size', 'colour', 'site_size', 'site_colour', 'site_setup', 'product', 'variant', 'variant_code', 'site_price', 'product_image', 'stock_level', 'stock_movement', 'stock_hold', 'stock_entry', 'stock_count', 'stock_count_line', 'low_stock_event', 'stock_shortage', 'stock_finding', 'register', 'register_session', 'cash_movement', 'sale', 'sale_line', 'sale_payment', 'parked_ticket', 'receipt_mail', 'product_import', 'product_import_row', 'price_sync', 'price_sync_line'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant_isolation ON %I USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
  END LOOP;
END $$;

-- Sites that were there before get what new ones are born with. FORCE binds an owner who is no superuser too: tenant by tenant.
DO $$
DECLARE tenants uuid[]; t uuid; s record; place uuid;
BEGIN
  SET LOCAL ROLE nervio_definer;
  SELECT coalesce(array_agg(id), '{}') INTO tenants FROM tenant;
  RESET ROLE;
  FOREACH t IN ARRAY tenants LOOP
    PERFORM set_config('app.tenant_id', t::text, true);
    INSERT INTO size (tenant_id, id, name, position) VALUES (t, gen_random_uuid(), 'Única', 0);
    INSERT INTO colour (tenant_id, id, name, position) VALUES (t, gen_random_uuid(), 'Único', 0);
    FOR s IN SELECT id, kind FROM site WHERE tenant_id = t LOOP
      place := gen_random_uuid();
      INSERT INTO site_location (tenant_id, id, site_id, name)
        VALUES (t, place, s.id, CASE s.kind WHEN 'store' THEN 'Sala de ventas' ELSE 'Bodega' END);
      INSERT INTO site_setup (tenant_id, site_id, location_id, size_id, colour_id)
        SELECT t, s.id, place, z.id, c.id FROM size z, colour c WHERE z.tenant_id = t AND c.tenant_id = t;
    END LOOP;
  END LOOP;
  PERFORM set_config('app.tenant_id', '', true);
END $$;
