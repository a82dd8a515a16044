import { Button, Chip, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import table from '../DataTable.module.css';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import classes from './Forms.module.css';
import { Swatch } from './ProductTable';
import { StockedFields } from './StockedFields';
import { useErrorWords } from './useErrorWords';
import type { GridDraft, GridErrors, GridRow } from './variant-grid';

export interface Named {
  id: string;
  name: string;
  hex?: string | null;
}

interface Props {
  draft: GridDraft;
  set(change: Partial<GridDraft>): void;
  rows: GridRow[];
  errors: GridErrors;
  sizes: Named[];
  colours: Named[];
}

/** Sizes, colours, and what comes of them: one line for each variant. */
export function GridFields({ draft, set, rows, errors, sizes, colours }: Props) {
  const { t } = useTranslation('products');
  const words = useErrorWords();
  const single = rows.length === 1 ? rows[0] : undefined;
  const own = (row: GridRow, change: { sku?: string; price?: string; code?: string }): void =>
    set({ own: { ...draft.own, [row.key]: { ...draft.own[row.key], ...change } } });
  return (
    <>
      <section className={classes.card} aria-labelledby="sells">
        <div>
          <h2 id="sells" className={classes.section}>
            {t('form.sells')}
          </h2>
          <p className={classes.hint}>{t('form.sells_hint')}</p>
        </div>
        <Choices
          label={t('form.sizes')}
          another={t('form.add_size')}
          path="/sizes"
          known={sizes}
          chosen={draft.sizes}
          choose={(chosen) => set({ sizes: chosen })}
        />
        <Choices
          label={t('form.colours')}
          another={t('form.add_colour')}
          path="/colors"
          known={colours}
          chosen={draft.colours}
          choose={(chosen) => set({ colours: chosen })}
        />
      </section>
      <section className={classes.card} aria-labelledby="prices">
        <h2 id="prices" className={classes.section}>
          {t('form.prices')}
        </h2>
        <div className={classes.pair}>
          <TextInput
            label={t('form.base_sku')}
            description={t('form.base_sku_hint')}
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            value={draft.sku}
            onChange={({ currentTarget }) => set({ sku: currentTarget.value })}
            error={words(errors.common.sku)}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            withAsterisk
            classNames={{ input: 'nv-code' }}
          />
          {single !== undefined && (
            <TextInput
              label={t('form.code')}
              value={single.code}
              onChange={({ currentTarget }) => own(single, { code: currentTarget.value })}
              error={words(errors.rows[single.key]?.code)}
              maxLength={64}
              autoComplete="off"
              spellCheck={false}
              classNames={{ input: 'nv-code' }}
            />
          )}
        </div>
        <StockedFields draft={draft} set={set} errors={errors.common} />
      </section>
      {rows.length > 1 && (
        <section className={classes.card} aria-labelledby="variants">
          <h2 id="variants" className={classes.section}>
            {t('form.list')} <span className={classes.quiet}>{t('form.list_count', { count: rows.length })}</span>
          </h2>
          <table className={`${table.table} ${classes.grid}`}>
            <thead>
              <tr>
                <th scope="col">{t('variant.name')}</th>
                <th scope="col">{t('variant.sku')}</th>
                <th scope="col">{t('form.price')}</th>
                <th scope="col">{t('form.code')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const name = [row.size, row.colour].filter((part) => part !== null).join(' · ');
                const field = (of: 'sku' | 'price' | 'code', label: string) => (
                  <TextInput
                    aria-label={`${label}: ${name}`}
                    value={row[of]}
                    onChange={({ currentTarget }) => own(row, { [of]: currentTarget.value })}
                    error={words(errors.rows[row.key]?.[of])}
                    inputMode={of === 'price' ? 'decimal' : 'text'}
                    maxLength={64}
                    autoComplete="off"
                    spellCheck={false}
                    classNames={of === 'price' ? {} : { input: 'nv-code' }}
                  />
                );
                return (
                  <tr key={row.key}>
                    <th scope="row" className={classes.name}>
                      {name}
                    </th>
                    <td data-label={t('variant.sku')}>{field('sku', t('variant.sku'))}</td>
                    <td data-label={t('variant.price')}>{field('price', t('form.price'))}</td>
                    <td data-label={t('form.code_short')}>{field('code', t('form.code'))}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

/** Chips of what the business has, and a field for what it does not have yet. */
function Choices(props: {
  label: string;
  another: string;
  path: '/sizes' | '/colors';
  known: Named[];
  chosen: string[];
  choose(names: string[]): void;
}) {
  const { t } = useTranslation('products');
  const [made, setMade] = useState<Named[]>([]);
  const [name, setName] = useState('');
  const { run, busy, problem } = useCommand();
  const all = [...props.known, ...made];

  const add = async (): Promise<void> => {
    const wanted = name.trim();
    if (wanted === '') return;
    const there = all.find((one) => one.name.toLocaleLowerCase('es') === wanted.toLocaleLowerCase('es'));
    if (there === undefined) {
      const outcome = await run<Named>({ method: 'POST', path: props.path, body: { name: wanted } });
      if (outcome.kind !== 'ok') return;
      const created = outcome.value;
      setMade((before) => [...before, created]);
      props.choose([...props.chosen, created.name]);
    } else if (!props.chosen.includes(there.name)) props.choose([...props.chosen, there.name]);
    setName('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    // Not the whole form.
    event.preventDefault();
    void add();
  };
  return (
    <div role="group" aria-label={props.label}>
      <p className={classes.label} aria-hidden>
        {props.label}
      </p>
      <Chip.Group multiple value={props.chosen} onChange={props.choose}>
        <div className={classes.chips}>
          {all.map((one) => (
            <Chip key={one.id} value={one.name} size="md" radius="md" variant="outline">
              {one.hex != null && <Swatch hex={one.hex} />} {one.name}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      <div className={classes.another}>
        <TextInput
          aria-label={props.another}
          placeholder={props.another}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          onKeyDown={onKeyDown}
          maxLength={40}
          autoComplete="off"
        />
        <Button variant="default" loading={busy !== null} disabled={name.trim() === ''} onClick={() => void add()}>
          {t('form.add')}
        </Button>
      </div>
      {problem !== null && <ProblemNote problem={problem} />}
    </div>
  );
}
