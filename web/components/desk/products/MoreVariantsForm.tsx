import { Button, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductDetail } from '../../../../api/products/schemas';
import { oneColour, oneSize } from '../../../../domain/product';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import { focusFirst } from './focus';
import classes from './Forms.module.css';
import { GridFields, type Named } from './GridFields';
import {
  blankGrid,
  checkGrid,
  type GridDraft,
  type GridErrors,
  gridErrorsOf,
  gridRows,
  gridVariants,
  hasErrors,
  keyOf,
} from './variant-grid';

const fine: GridErrors = { common: {}, rows: {} };

/** More sizes or colours of a product. */
export function MoreVariantsForm(props: {
  product: ProductDetail;
  currency: string;
  sizes: Named[];
  colours: Named[];
  onSaved(product: ProductDetail): void;
  onClose(): void;
}) {
  const { product, currency, sizes, colours, onSaved, onClose } = props;
  const { t } = useTranslation('products');
  const { t: common } = useTranslation();
  const [draft, setDraft] = useState<GridDraft>(blankGrid);
  const [errors, setErrors] = useState<GridErrors>(fine);
  const { run, busy, problem } = useCommand();
  const there = new Set(
    product.variants.map(({ size, colour }) =>
      keyOf(size === oneSize ? null : size, colour === oneColour ? null : colour),
    ),
  );
  const rows = gridRows(draft, there);

  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const wrong = checkGrid(draft, rows, product.unit, currency);
    setErrors(wrong);
    if (hasErrors(wrong)) return focusFirst(form);
    const outcome = await run<ProductDetail>({
      method: 'POST',
      path: `/products/${product.id}/variants`,
      body: { variants: gridVariants(draft, rows, product.unit, currency) },
    });
    if (outcome.kind === 'ok') return onSaved(outcome.value);
    if (outcome.kind === 'problem') setErrors(gridErrorsOf(outcome.problem, rows));
    focusFirst(form);
  };

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap="md">
        <GridFields
          draft={draft}
          set={(change) => {
            setDraft((before) => ({ ...before, ...change }));
            setErrors(fine);
          }}
          rows={rows}
          errors={errors}
          sizes={sizes}
          colours={colours}
        />
        {rows.length === 0 && <p className={classes.hint}>{t('form.more_none')}</p>}
        {problem !== null && !hasErrors(errors) && <ProblemNote problem={problem} />}
        <div className={classes.answers}>
          <Button variant="default" size="md" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" size="md" loading={busy !== null} disabled={rows.length === 0}>
            {t('detail.add_variants')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
