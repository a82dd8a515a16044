import { useNavigate } from '@remix-run/react';
import type { ScannedVariant } from '../../../../domain/product';
import { readApi } from '../api';
import { useDeskScan } from '../useDeskScan';
import { noProductFilters, productSearchOf } from './product-query';

/** A scanned code opens its product; one that is nobody's is looked for. While a form is open it is refused. */
export function useProductScan({ busy = false }: { busy?: boolean } = {}): void {
  const navigate = useNavigate();
  const find = async (code: string): Promise<void> => {
    const outcome = await readApi<ScannedVariant>(`/products/scan/${encodeURIComponent(code)}`);
    if (outcome.kind === 'ok') void navigate(`/products/${outcome.value.productId}`);
    else void navigate(`/products${productSearchOf({ ...noProductFilters, q: code })}`);
  };
  useDeskScan({ busy, onCode: (code) => void find(code) });
}
