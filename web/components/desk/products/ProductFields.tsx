import { Autocomplete, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { productUnits } from '../../../../domain/product';
import classes from './Forms.module.css';
import type { Errors, ProductDraft } from './product-form';
import { useErrorWords } from './useErrorWords';

interface Props {
  draft: ProductDraft;
  set(change: Partial<ProductDraft>): void;
  errors: Errors<keyof ProductDraft>;
  categories: string[];
}

/** What a product is, whatever its sizes and colours. */
export function ProductFields({ draft, set, errors, categories }: Props) {
  const { t } = useTranslation('products');
  const words = useErrorWords();
  return (
    <>
      <TextInput
        label={t('form.name')}
        value={draft.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        error={words(errors.name)}
        maxLength={200}
        autoComplete="off"
        withAsterisk
        data-autofocus
      />
      <div className={classes.pair}>
        <Autocomplete
          label={t('form.category')}
          description={t('form.category_hint')}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          value={draft.category}
          onChange={(category) => set({ category })}
          error={words(errors.category)}
          data={categories}
          limit={20}
          maxLength={80}
          comboboxProps={{ shadow: 'md' }}
        />
        <div className={classes.pair}>
          <NativeSelect
            label={t('form.unit')}
            value={draft.unit}
            onChange={({ currentTarget }) =>
              set({ unit: productUnits.find((unit) => unit === currentTarget.value) ?? draft.unit })
            }
            error={words(errors.unit)}
            data={productUnits.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
          />
          <TextInput
            label={t('form.tax')}
            value={draft.tax}
            onChange={({ currentTarget }) => set({ tax: currentTarget.value })}
            error={words(errors.tax)}
            inputMode="decimal"
            maxLength={8}
            autoComplete="off"
          />
        </div>
      </div>
      <Textarea
        label={t('form.description')}
        value={draft.description}
        onChange={({ currentTarget }) => set({ description: currentTarget.value })}
        error={words(errors.description)}
        maxLength={4000}
        autosize
        minRows={2}
        maxRows={8}
      />
    </>
  );
}
