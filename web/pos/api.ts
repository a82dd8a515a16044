import type { AcceptedSale, SaleDetail, SaleSummary } from '../../api/sales/schemas';
import type { ClosedSession, RegisterView, SessionDetail } from '../../api/registers/schemas';
import type { ParkedTicket, ResumedTicket, TicketView } from '../../api/tickets/schemas';
import type { VariantPage } from '../../api/products/queries';
import type { ScannedVariant } from '../../domain/product';
import type { PaymentMethod, RegisterReport } from '../../domain/till';
import { type Outcome, readApi, refreshApi, sendCommand } from '../components/desk/api';
import type { SoldLine } from './cart';

/** Everything that the till asks of the server, in one place. */

export interface SaleInput {
  siteId: string;
  registerId: string;
  lines: SoldLine[];
  payments: { method: PaymentMethod; amount: number }[];
  customer?: { email: string };
  ticketId?: string;
  clientAt?: string;
  /** Of a return without a receipt. */
  reason?: string;
  restock?: boolean;
}

const query = (values: Record<string, string | undefined>): string => {
  const set = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`;
};

export const sell = (kind: 'sale' | 'return', input: SaleInput, key: string): Promise<Outcome<AcceptedSale>> =>
  sendCommand('POST', kind === 'sale' ? '/sales' : '/returns', input, key);

export const scanProduct = (code: string, siteId: string): Promise<Outcome<ScannedVariant>> =>
  readApi(`/products/scan/${encodeURIComponent(code)}${query({ siteId })}`);

export const searchProducts = (
  siteId: string,
  search: { q?: string; category?: string; cursor?: string; limit?: number },
): Promise<Outcome<VariantPage>> =>
  readApi(
    `/products${query({ siteId, ...search, limit: search.limit === undefined ? undefined : String(search.limit) })}`,
  );

/** By itself, to know codes before they are scanned. */
export const preloadProducts = (siteId: string, cursor: string | undefined): Promise<Outcome<VariantPage>> =>
  refreshApi(`/products${query({ siteId, cursor, limit: '200' })}`);

export const readCategories = (): Promise<Outcome<{ items: { name: string }[] }>> => readApi('/product-categories');

export const readRegisters = (): Promise<Outcome<{ items: RegisterView[] }>> => refreshApi('/registers');

export const readReport = (registerId: string): Promise<Outcome<RegisterReport>> =>
  readApi(`/registers/${registerId}/report`);

export const readSession = (id: string): Promise<Outcome<SessionDetail>> => readApi(`/register-sessions/${id}`);

export const readTickets = (siteId: string): Promise<Outcome<{ items: TicketView[] }>> =>
  readApi(`/tickets${query({ siteId })}`);

export const readSales = (search: {
  siteId: string;
  registerId?: string;
  q?: string;
  cursor?: string;
}): Promise<Outcome<{ items: SaleSummary[]; nextCursor: string | null }>> =>
  readApi(`/sales${query({ ...search, limit: '30' })}`);

export const readSale = (id: string): Promise<Outcome<SaleDetail>> => readApi(`/sales/${id}`);

export const receiptPdf = (saleId: string): string => `/api/v1/sales/${saleId}/receipt.pdf`;

export type {
  AcceptedSale,
  ClosedSession,
  ParkedTicket,
  RegisterView,
  ResumedTicket,
  SaleDetail,
  SaleSummary,
  TicketView,
};
