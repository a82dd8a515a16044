import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './Forms.module.css';
import type { Errors } from './product-form';
import { useErrorWords } from './useErrorWords';

type Field = 'price' | 'retailPrice' | 'cost' | 'minStock' | 'maxStock';
type Draft = Record<Field, string>;

/** Prices and limits of a variant, or of several at once. */
export function StockedFields(props: { draft: Draft; set(change: Partial<Draft>): void; errors: Errors<Field> }) {
  const { t } = useTranslation('products');
  const words = useErrorWords();
  const field = (name: Field, label: string, more: { description?: string; withAsterisk?: boolean } = {}) => (
    <TextInput
      label={label}
      {...more}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      value={props.draft[name]}
      onChange={({ currentTarget }) => props.set({ [name]: currentTarget.value })}
      error={words(props.errors[name])}
      inputMode="decimal"
      maxLength={20}
      autoComplete="off"
    />
  );
  return (
    <>
      <div className={classes.pair}>
        {field('price', t('form.price'), { withAsterisk: true })}
        {field('retailPrice', t('form.retail'), { description: t('form.retail_hint') })}
        {field('cost', t('form.cost'))}
      </div>
      <div className={classes.pair}>
        {field('minStock', t('form.min'))}
        {field('maxStock', t('form.max'))}
      </div>
    </>
  );
}
