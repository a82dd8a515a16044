import { v7 as uuidv7 } from 'uuid';
import { formatQuantity, quantityOf } from '../domain/quantity';
import { levelKey, settleShortage, type LevelRef, type StockDecision } from '../domain/stock';
import type { Sql, Tx } from './db';
import { lockLevels, writeDecision, type LedgerTx } from './stock';

type Reader = Pick<Tx, 'tenantId'> & Sql;

/** INV-04: what disagreed, and what it was made to agree with. `cache`: a figure in Redis. Quantities in thousandths. */
export interface Finding extends LevelRef {
  kind: 'level' | 'held' | 'cache';
  /** What the ledger, the holds or the database say. */
  expected: number;
  found: number;
}

/** Before the first of all ids. */
const start: LevelRef = {
  siteId: '00000000-0000-0000-0000-000000000000',
  variantId: '00000000-0000-0000-0000-000000000000',
};

interface SumsRow {
  site_id: string;
  variant_id: string;
  on_hand: string;
  held: string;
  ledger: string;
  holds: string;
}

const sums = `
  coalesce((SELECT sum(m.quantity) FROM stock_movement m
    WHERE m.tenant_id = l.tenant_id AND m.site_id = l.site_id AND m.variant_id = l.variant_id), 0)::numeric(14,3)::text AS ledger,
  coalesce((SELECT sum(h.quantity) FROM stock_hold h
    WHERE h.tenant_id = l.tenant_id AND h.site_id = l.site_id AND h.variant_id = l.variant_id AND h.state = 'held'), 0)::numeric(14,3)::text AS holds`;

export interface DisagreeingPage {
  levels: LevelRef[];
  /** How many were looked at. */
  seen: number;
  /** Where to go on; null = these were the last. */
  next: LevelRef | null;
}

/**
 * Levels that do not say what the ledger and the holds add up to, among the next `limit` after `after`. One statement sees
 * one moment: a level and its movements are committed together, so selling goes on beside it and is never taken for a
 * disagreement.
 */
export async function findDisagreeing(tx: Reader, after: LevelRef | null, limit: number): Promise<DisagreeingPage> {
  const from = after ?? start;
  const rows = await tx.query<SumsRow>(
    `SELECT l.site_id::text, l.variant_id::text, l.on_hand::text, l.held::text, ${sums}
     FROM stock_level l WHERE l.tenant_id = $1::uuid AND (l.site_id, l.variant_id) > ($2::uuid, $3::uuid)
     ORDER BY l.site_id, l.variant_id LIMIT $4::int`,
    [tx.tenantId, from.siteId, from.variantId, limit],
  );
  const refOf = (row: SumsRow): LevelRef => ({ siteId: row.site_id, variantId: row.variant_id });
  const last = rows.at(-1);
  return {
    levels: rows.filter((row) => row.on_hand !== row.ledger || row.held !== row.holds).map(refOf),
    seen: rows.length,
    next: rows.length === limit && last ? refOf(last) : null,
  };
}

/**
 * Makes levels say what the ledger and the holds add up to, and records what was found. Looks again under the lock: what
 * agrees by now is left alone.
 */
export async function repairLevels(tx: LedgerTx, refs: readonly LevelRef[]): Promise<Finding[]> {
  const levels = await lockLevels(tx, refs);
  const rows = await tx.query<SumsRow>(
    `SELECT l.site_id::text, l.variant_id::text, l.on_hand::text, l.held::text, ${sums}
     FROM unnest($2::uuid[], $3::uuid[]) AS k (site_id, variant_id)
     JOIN stock_level l ON l.tenant_id = $1::uuid AND l.site_id = k.site_id AND l.variant_id = k.variant_id`,
    [tx.tenantId, levels.map((level) => level.siteId), levels.map((level) => level.variantId)],
  );
  const findings: Finding[] = [];
  const decision: Omit<StockDecision, 'outcomes'> = {
    before: new Map(levels.map((level) => [levelKey(level), level])),
    levels: [],
    movements: [],
    holds: [],
    holdEnds: [],
    shortagesOpened: [],
    shortagesClosed: [],
  };
  for (const level of levels) {
    const row = rows.find((one) => one.site_id === level.siteId && one.variant_id === level.variantId)!;
    const { siteId, variantId } = level;
    const [ledger, holds] = [quantityOf(row.ledger), quantityOf(row.holds)];
    if (level.onHand === ledger && level.held === holds) continue;
    if (level.onHand !== ledger)
      findings.push({ siteId, variantId, kind: 'level', expected: ledger, found: level.onHand });
    if (level.held !== holds) findings.push({ siteId, variantId, kind: 'held', expected: holds, found: level.held });
    const repaired = { ...level, onHand: ledger, held: holds, version: level.version + 1 };
    decision.levels.push(settleShortage(repaired, uuidv7, decision));
  }
  await writeDecision(tx, decision);
  await recordFindings(tx, findings);
  return findings;
}

/** In the transaction of the repair. */
export async function recordFindings(tx: Reader, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  await tx.query(
    `INSERT INTO stock_finding (tenant_id, id, site_id, variant_id, kind, expected, found, repaired_at)
     SELECT $1::uuid, f.*, now() FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::numeric[], $7::numeric[]) AS f`,
    [
      tx.tenantId,
      findings.map(() => uuidv7()),
      findings.map((finding) => finding.siteId),
      findings.map((finding) => finding.variantId),
      findings.map((finding) => finding.kind),
      findings.map((finding) => formatQuantity(finding.expected)),
      findings.map((finding) => formatQuantity(finding.found)),
    ],
  );
}

export interface FindingView extends Finding {
  id: string;
  siteName: string;
  sku: string;
  name: string;
  at: Date;
  repairedAt: Date | null;
}

/** The newest first. */
export async function listFindings(
  tx: Reader,
  query: { siteIds: readonly string[] | null; before?: { at: string; id: string }; limit: number },
): Promise<(FindingView & { atText: string })[]> {
  const rows = await tx.query<{
    id: string;
    site_id: string;
    site_name: string;
    variant_id: string;
    sku: string;
    name: string;
    kind: Finding['kind'];
    expected: string;
    found: string;
    at: Date;
    at_text: string;
    repaired_at: Date | null;
  }>(
    `SELECT f.id::text, f.site_id::text, s.name AS site_name, f.variant_id::text, v.sku, p.name, f.kind, f.expected::text, f.found::text,
            f.at, f.at::text AS at_text, f.repaired_at
     FROM stock_finding f
     JOIN site s ON s.tenant_id = f.tenant_id AND s.id = f.site_id
     JOIN variant v ON v.tenant_id = f.tenant_id AND v.id = f.variant_id
     JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
     WHERE f.tenant_id = $1::uuid AND ($2::uuid[] IS NULL OR f.site_id = ANY ($2::uuid[]))
       AND ($3::timestamptz IS NULL OR (f.at, f.id) < ($3::timestamptz, $4::uuid))
     ORDER BY f.at DESC, f.id DESC LIMIT $5::int`,
    [tx.tenantId, query.siteIds, query.before?.at ?? null, query.before?.id ?? null, query.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    siteName: row.site_name,
    variantId: row.variant_id,
    sku: row.sku,
    name: row.name,
    kind: row.kind,
    expected: quantityOf(row.expected),
    found: quantityOf(row.found),
    at: row.at,
    atText: row.at_text,
    repairedAt: row.repaired_at,
  }));
}
