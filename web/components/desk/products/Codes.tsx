import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductDetail, VariantDetail } from '../../../../api/products/schemas';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import classes from './Forms.module.css';
import { useErrorWords } from './useErrorWords';

/** Barcodes and supplier codes of a variant; each comes and goes at once. */
export function Codes({ variant, onChanged }: { variant: VariantDetail; onChanged(product: ProductDetail): void }) {
  const { t } = useTranslation('products');
  const words = useErrorWords();
  const { run, busy, problem } = useCommand();
  const [code, setCode] = useState('');
  const [kind, setKind] = useState<'barcode' | 'supplier'>('barcode');
  const [supplier, setSupplier] = useState('');
  const [wrong, setWrong] = useState<'missing' | 'code_taken' | undefined>();

  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    // Within another form, in a drawer, it is this one that is sent.
    event.stopPropagation();
    if (code.trim() === '') return setWrong('missing');
    const named = kind === 'supplier' && supplier.trim() !== '' ? { supplier: supplier.trim() } : {};
    const outcome = await run<ProductDetail>({
      method: 'POST',
      path: `/variants/${variant.id}/codes`,
      body: { code: code.trim(), kind, ...named },
    });
    if (outcome.kind === 'problem' && outcome.problem.code === 'code_taken') setWrong('code_taken');
    if (outcome.kind !== 'ok') return;
    setCode('');
    onChanged(outcome.value);
  };
  const remove = async (gone: string): Promise<void> => {
    const path = `/variants/${variant.id}/codes/remove`;
    const outcome = await run<ProductDetail>({ method: 'POST', path, body: { code: gone } });
    if (outcome.kind === 'ok') onChanged(outcome.value);
  };

  return (
    <section className={classes.card} aria-labelledby="codes">
      <h3 id="codes" className={classes.section}>
        {t('form.codes_title')}
      </h3>
      {variant.codes.length === 0 ? (
        <p className={classes.hint}>{t('form.codes_none')}</p>
      ) : (
        <ul className={classes.codes}>
          {variant.codes.map((one) => (
            <li key={one.code} className={classes.code}>
              <span>
                <span className="nv-code">{one.code}</span>{' '}
                <span className={classes.quiet}>
                  {t(`form.code_${one.kind}`)}
                  {one.supplier !== null && ` ${t('form.code_supplier_of', { supplier: one.supplier })}`}
                </span>
              </span>
              <ActionIcon
                size={40}
                aria-label={t('form.code_remove', { code: one.code })}
                disabled={busy !== null}
                onClick={() => void remove(one.code)}
              >
                <IconTrash size={18} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={(event) => void add(event)} noValidate>
        <div className={classes.pair}>
          <TextInput
            label={t('form.code_new')}
            value={code}
            onChange={({ currentTarget }) => {
              setCode(currentTarget.value);
              setWrong(undefined);
            }}
            error={words(wrong)}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: 'nv-code' }}
          />
          <NativeSelect
            label={t('form.code_kind')}
            value={kind}
            onChange={({ currentTarget }) => setKind(currentTarget.value === 'supplier' ? 'supplier' : 'barcode')}
            data={[
              { value: 'barcode', label: t('form.code_barcode') },
              { value: 'supplier', label: t('form.code_supplier') },
            ]}
          />
          {kind === 'supplier' && (
            <TextInput
              label={t('form.supplier')}
              value={supplier}
              onChange={({ currentTarget }) => setSupplier(currentTarget.value)}
              maxLength={120}
              autoComplete="off"
            />
          )}
        </div>
        <Button type="submit" variant="light" mt="sm" loading={busy !== null}>
          {t('form.code_add')}
        </Button>
      </form>
      {problem !== null && wrong === undefined && <ProblemNote problem={problem} />}
    </section>
  );
}
