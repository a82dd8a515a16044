import { Button, Checkbox, NativeSelect, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import classes from './Forms.module.css';
import { CategorySelect } from './ProductFilterBar';

interface Props {
  sites: { id: string; name: string }[];
  categories: string[];
  /** The site whose prices are shown; null = the business. */
  from: string | null;
  onStarted(operationId: string): void;
  onClose(): void;
}

/** INV-14: the prices of one site, or of the business, brought to others by an operation. */
export function PriceSyncForm({ sites, categories, from, onStarted, onClose }: Props) {
  const { t } = useTranslation('products');
  const { t: common } = useTranslation();
  const [fromSiteId, setFrom] = useState(from);
  const [to, setTo] = useState<string[]>([]);
  const [category, setCategory] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const { run, busy, problem } = useCommand();
  const targets = sites.filter(({ id }) => id !== fromSiteId);
  const chosen = to.filter((id) => id !== fromSiteId);

  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setMissing(chosen.length === 0);
    if (chosen.length === 0) return;
    const outcome = await run<{ operationId: string }>({
      method: 'POST',
      path: '/prices/sync',
      body: { fromSiteId, toSiteIds: chosen, ...(category !== null && { category }) },
    });
    if (outcome.kind === 'ok') onStarted(outcome.value.operationId);
  };

  return (
    <form onSubmit={(event) => void start(event)} noValidate>
      <Stack gap="md">
        <Text c="dimmed">{t('prices.sync_text')}</Text>
        <NativeSelect
          label={t('prices.sync_from')}
          description={fromSiteId === null ? t('prices.sync_from_business_hint') : undefined}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          value={fromSiteId ?? ''}
          onChange={({ currentTarget }) => setFrom(currentTarget.value || null)}
          data={[
            { value: '', label: t('prices.business') },
            ...sites.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Checkbox.Group
          label={t('prices.sync_to')}
          value={chosen}
          onChange={(ids) => {
            setTo(ids);
            setMissing(false);
          }}
          error={missing ? t('prices.sync_none_to') : null}
        >
          <Stack gap="xs" mt={6}>
            {targets.map(({ id, name }) => (
              <Checkbox key={id} value={id} label={name} />
            ))}
          </Stack>
        </Checkbox.Group>
        {targets.length > 2 && (
          <div>
            <Button variant="subtle" size="compact-md" onClick={() => setTo(targets.map(({ id }) => id))}>
              {t('prices.sync_all')}
            </Button>
          </div>
        )}
        <div>
          <Text size="sm" fw={500} mb={4} aria-hidden>
            {t('category')}
          </Text>
          <CategorySelect categories={categories} value={category} set={setCategory} label={t('category')} />
        </div>
        {problem !== null && <ProblemNote problem={problem} />}
        <div className={classes.answers}>
          <Button variant="default" size="md" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" size="md" loading={busy !== null}>
            {t('prices.sync_start')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
