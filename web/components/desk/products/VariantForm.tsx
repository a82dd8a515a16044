import { Button, Stack, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductDetail, VariantDetail } from '../../../../api/products/schemas';
import { useFormat } from '../../../i18n/format';
import { readApi } from '../api';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import { Codes } from './Codes';
import { Conflict } from './Conflict';
import { focusFirst } from './focus';
import classes from './Forms.module.css';
import {
  checkVariant,
  differing,
  type Errors,
  type Language,
  mended,
  type VariantDraft,
  variantDraft,
  variantFields,
} from './product-form';
import { StockedFields } from './StockedFields';
import { useErrorWords } from './useErrorWords';

interface Props {
  product: ProductDetail;
  variant: VariantDetail;
  /** A code came or went: the form stays open. */
  onChanged(product: ProductDetail): void;
  onSaved(product: ProductDetail): void;
  onClose(): void;
}

/** Changes a variant: SKU, prices of the business, limits, codes, whether it is sold. */
export function VariantForm({ product, variant, onChanged, onSaved, onClose }: Props) {
  const { t, i18n } = useTranslation('products');
  const { t: common } = useTranslation();
  const format = useFormat();
  const words = useErrorWords();
  const language: Language = i18n.language === 'en' ? 'en' : 'es';
  const { currency } = variant.price;
  const [base] = useState(() => variantDraft(variant, format.amount, language));
  const [upon, setUpon] = useState(variant);
  const [draft, setDraft] = useState<VariantDraft>(base);
  const [errors, setErrors] = useState<Errors<keyof VariantDraft>>({});
  const { run, busy, problem } = useCommand();
  const conflict = problem?.code === 'version_conflict';
  const set = (change: Partial<VariantDraft>): void => {
    setDraft((before) => ({ ...before, ...change }));
    setErrors((before) => mended(before, change));
  };

  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const wrong = checkVariant(draft, product.unit, currency);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return focusFirst(form);
    const changes = differing(
      variantFields(base, product.unit, currency),
      variantFields(draft, product.unit, currency),
    );
    if (Object.keys(changes).length === 0) return onClose();
    const outcome = await run<ProductDetail>({
      method: 'PATCH',
      path: `/variants/${variant.id}`,
      body: { version: upon.version, ...changes },
    });
    if (outcome.kind === 'ok') return onSaved(outcome.value);
    if (outcome.kind !== 'problem') return;
    if (outcome.problem.code === 'sku_taken') setErrors({ sku: 'sku_taken' });
    if (outcome.problem.code === 'version_conflict') {
      const fresh = await readApi<ProductDetail>(`/products/${product.id}`);
      const found = fresh.kind === 'ok' ? fresh.value.variants.find(({ id }) => id === variant.id) : undefined;
      if (found !== undefined) setUpon(found);
    }
  };

  const theirs = differing(base, variantDraft(upon, format.amount, language));
  const shown: Record<keyof VariantDraft, string> = {
    sku: t('variant.sku'),
    price: t('form.price'),
    retailPrice: t('form.retail'),
    cost: t('form.cost'),
    minStock: t('form.min'),
    maxStock: t('form.max'),
    active: t('variant.active'),
  };
  const changes = (Object.keys(theirs) as (keyof VariantDraft)[]).map((field) => ({
    field: shown[field],
    value: field === 'active' ? common(upon.active ? 'yes' : 'no') : String(theirs[field] ?? ''),
  }));
  return (
    <Stack gap="lg">
      <form onSubmit={(event) => void save(event)} noValidate>
        <Stack gap="md">
          <TextInput
            label={t('variant.sku')}
            value={draft.sku}
            onChange={({ currentTarget }) => set({ sku: currentTarget.value })}
            error={words(errors.sku)}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            withAsterisk
            classNames={{ input: 'nv-code' }}
          />
          <StockedFields draft={draft} set={set} errors={errors} />
          <Switch
            label={t('variant.active')}
            description={t('variant.active_hint')}
            checked={draft.active}
            onChange={({ currentTarget }) => set({ active: currentTarget.checked })}
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
      <Codes variant={variant} onChanged={onChanged} />
    </Stack>
  );
}
