import { Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductDetail, VariantDetail } from '../../../../api/products/schemas';
import { parseAmount } from '../../../../domain/product-import';
import { useFormat } from '../../../i18n/format';
import { readApi } from '../api';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import { focusFirst } from './focus';
import classes from './Forms.module.css';
import { useErrorWords } from './useErrorWords';

/** The price of a variant at each site that carries it; empty = that of the business. */
export function SitePricesForm(props: {
  variant: VariantDetail;
  onSaved(product: ProductDetail): void;
  onClose(): void;
}) {
  const { variant, onSaved, onClose } = props;
  const { t } = useTranslation('products');
  const { t: common } = useTranslation();
  const format = useFormat();
  const words = useErrorWords();
  const { currency } = variant.price;
  const [drafts, setDrafts] = useState(
    () =>
      new Map(variant.sites.map(({ siteId, price }) => [siteId, price === null ? '' : format.amount(price)] as const)),
  );
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const { run, busy, problem } = useCommand();

  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const asked = variant.sites.map(({ siteId, price }) => {
      const text = drafts.get(siteId)?.trim() ?? '';
      return { siteId, before: price?.amount ?? null, after: text === '' ? null : parseAmount(text, currency), text };
    });
    const bad = asked.filter(({ text, after }) => text !== '' && after === null);
    setWrong(new Set(bad.map(({ siteId }) => siteId)));
    if (bad.length > 0) return focusFirst(form);
    for (const { siteId, after } of asked.filter((one) => one.before !== one.after)) {
      const body = { siteId, items: [{ sku: variant.sku, price: after }] };
      const outcome = await run<{ changed: number }>({ method: 'POST', path: '/prices', body });
      // What is saved by then stays; pressing again goes on with the rest.
      if (outcome.kind !== 'ok') return;
    }
    const fresh = await readApi<ProductDetail>(`/products/${variant.productId}`);
    if (fresh.kind === 'ok') onSaved(fresh.value);
    else onClose();
  };

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap="md">
        <Text c="dimmed">{t('form.prices_hint', { price: format.money(variant.price) })}</Text>
        {variant.sites.map(({ siteId, siteName }, at) => (
          <TextInput
            key={siteId}
            label={siteName}
            value={drafts.get(siteId) ?? ''}
            placeholder={format.amount(variant.price)}
            onChange={({ currentTarget: { value } }) => {
              setDrafts((before) => new Map(before).set(siteId, value));
              setWrong((before) => new Set([...before].filter((id) => id !== siteId)));
            }}
            error={words(wrong.has(siteId) ? 'bad_amount' : undefined)}
            inputMode="decimal"
            maxLength={20}
            autoComplete="off"
            // What is typed while it is saved would be neither saved nor seen again.
            readOnly={busy !== null}
            {...(at === 0 && { 'data-autofocus': true })}
          />
        ))}
        {problem !== null && <ProblemNote problem={problem} />}
        <div className={classes.answers}>
          <Button variant="default" size="md" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" size="md" loading={busy !== null}>
            {t('form.save_prices')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
