import type { Problem } from '../components/desk/api';
import { parseQuantity } from '../../domain/quantity';
import type { LineProblem } from './cart';

/** What a refused sale says: about lines, about the money, or about something around it. */
export interface Refusal {
  /** By SKU. */
  lines: ReadonlyMap<string, LineProblem>;
  /** What the server says is due; only of payments that do not add up. */
  due: number | null;
  code: string;
  detail?: string;
  instance?: string;
}

const aboutSkus = ['unknown_sku', 'product_withdrawn', 'quantity_not_whole', 'bad_quantity'] as const;

/** The members that a problem brings besides; what the server does not send is not there. */
interface Members {
  lines?: unknown;
  skus?: unknown;
  total?: unknown;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const amountIn = (value: unknown): number | null =>
  isRecord(value) && typeof value['amount'] === 'number' ? value['amount'] : null;

export function refusalOf(problem: Problem): Refusal {
  const { code, detail, instance } = problem;
  const members: Members = problem as Problem & Members;
  const lines = new Map<string, LineProblem>();
  const named = Array.isArray(members.lines) ? members.lines.filter(isRecord) : [];
  for (const row of named) {
    const sku = row['sku'];
    if (typeof sku !== 'string') continue;
    if (code === 'insufficient_stock') {
      const available = typeof row['available'] === 'string' ? parseQuantity(row['available']) : null;
      lines.set(sku, { code, available: Math.max(available ?? 0, 0) });
    }
    const price = amountIn(row['price']);
    if (code === 'price_changed' && price !== null) lines.set(sku, { code, price });
  }
  const about = aboutSkus.find((one) => one === code);
  const skus = Array.isArray(members.skus) ? members.skus : [];
  if (about) for (const sku of skus) if (typeof sku === 'string') lines.set(sku, { code: about });
  return {
    lines,
    due: code === 'payments_mismatch' ? amountIn(members.total) : null,
    code,
    ...(detail !== undefined && { detail }),
    ...(instance !== undefined && { instance }),
  };
}

/** Not an answer to the command: the same key has to be asked again. */
const unanswered = [
  'internal',
  'unavailable',
  'rate_limited',
  'command_in_progress',
  'unauthenticated',
  'token_expired',
  'session_ended',
  'csrf',
];

export const isAnswer = ({ code }: Problem): boolean => !unanswered.includes(code);
