import { Button, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductDetail } from '../../../../api/products/schemas';
import { readApi } from '../api';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import { Conflict } from './Conflict';
import { focusFirst } from './focus';
import classes from './Forms.module.css';
import {
  checkProduct,
  differing,
  type Errors,
  type Language,
  mended,
  type ProductDraft,
  productDraft,
  productFields,
} from './product-form';
import { ProductFields } from './ProductFields';

interface Props {
  product: ProductDetail;
  categories: string[];
  onSaved(product: ProductDetail): void;
  onClose(): void;
}

/** Changes what a product is. What somebody else changed meanwhile is told, and what was written here stays. */
export function ProductForm({ product, categories, onSaved, onClose }: Props) {
  const { t, i18n } = useTranslation('products');
  const { t: common } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'es';
  // What the changes are measured by, and what they are made upon: after a conflict, the newer one.
  const [base] = useState(() => productDraft(product, language));
  const [upon, setUpon] = useState(product);
  const [draft, setDraft] = useState<ProductDraft>(base);
  const [errors, setErrors] = useState<Errors<keyof ProductDraft>>({});
  const { run, busy, problem } = useCommand();
  const conflict = problem?.code === 'version_conflict';

  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const wrong = checkProduct(draft);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return focusFirst(form);
    const changes = differing(productFields(base), productFields(draft));
    if (Object.keys(changes).length === 0) return onClose();
    const outcome = await run<ProductDetail>({
      method: 'PATCH',
      path: `/products/${product.id}`,
      body: { version: upon.version, ...changes },
    });
    if (outcome.kind === 'ok') return onSaved(outcome.value);
    if (outcome.kind !== 'problem') return;
    if (outcome.problem.code === 'unit_in_use') setErrors({ unit: 'unit_in_use' });
    if (outcome.problem.code === 'version_conflict') {
      const fresh = await readApi<ProductDetail>(`/products/${product.id}`);
      if (fresh.kind === 'ok') setUpon(fresh.value);
    }
  };

  const theirs = differing(base, productDraft(upon, language));
  const shown: Record<keyof ProductDraft, string> = {
    name: t('form.name'),
    category: t('form.category'),
    unit: t('form.unit'),
    tax: t('form.tax'),
    description: t('form.description'),
  };
  const changes = (Object.keys(theirs) as (keyof ProductDraft)[]).map((field) => ({
    field: shown[field],
    value: field === 'unit' ? t(`unit.${upon.unit}`) : (theirs[field] ?? ''),
  }));
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap="md">
        <ProductFields
          draft={draft}
          set={(change) => {
            setDraft((before) => ({ ...before, ...change }));
            setErrors((before) => mended(before, change));
          }}
          errors={errors}
          categories={categories}
        />
        {conflict && <Conflict changes={changes} />}
        {problem !== null && !conflict && Object.keys(errors).length === 0 && <ProblemNote problem={problem} />}
        <div className={classes.answers}>
          <Button variant="default" size="md" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" size="md" loading={busy !== null}>
            {common('save')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
