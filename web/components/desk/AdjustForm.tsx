import { Button, Chip, Group, NativeSelect, Radio, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Adjusted, LevelItem } from '../../../api/stock/schemas';
import { formatQuantity, isWhole, quantityOf } from '../../../domain/quantity';
import { useFormat } from '../../i18n/format';
import { readQuantity } from './figures';
import { ProblemNote } from './ProblemNote';
import { useCommand } from './useCommand';

const reasons = { out: ['shrink', 'broken', 'expired', 'used'], in: ['found'] } as const;

interface Props {
  article: { sku: string; name: string; unit: string };
  sites: readonly { id: string; name: string }[];
  levels: readonly LevelItem[];
  siteId: string | null;
  onDone(done: Adjusted): void;
  onClose(): void;
}

/** A correction by hand with its reason: says what it leaves before it is made. */
export function AdjustForm({ article, sites, levels, siteId: wanted, onDone, onClose }: Props) {
  const { t } = useTranslation('stock');
  const { t: common } = useTranslation();
  const format = useFormat();
  const [siteId, setSiteId] = useState(wanted ?? levels[0]?.siteId ?? sites[0]?.id ?? '');
  const [direction, setDirection] = useState<'in' | 'out'>('out');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const { run, busy, problem, clear } = useCommand();

  const onHand = levels.find((level) => level.siteId === siteId)?.onHand ?? '0.000';
  const read = readQuantity(text);
  const quantity = read === null || Number(read) === 0 ? null : read;
  const wrong =
    quantity === null
      ? 'adjust.bad_quantity'
      : article.unit === 'unit' && !isWhole(quantityOf(quantity))
        ? 'adjust.whole'
        : null;
  const change = quantity === null ? 0 : quantityOf(quantity) * (direction === 'out' ? -1 : 1);
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (wrong !== null || reason.trim() === '') {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    const outcome = await run<Adjusted>({
      method: 'POST',
      path: '/stock/adjustments',
      body: { siteId, sku: article.sku, quantity: formatQuantity(change), reason: reason.trim() },
    });
    if (outcome.kind === 'ok') onDone(outcome.value);
  };
  const there = problem?.lines?.[0]?.available;
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap="md">
        <div>
          <Text fw={600}>{article.name}</Text>
          <Text c="dimmed" className="nv-code">
            {article.sku}
          </Text>
        </div>
        <NativeSelect
          label={t('adjust.which_site')}
          value={siteId}
          onChange={({ currentTarget }) => {
            setSiteId(currentTarget.value);
            clear();
          }}
          data={sites.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Radio.Group
          label={t('adjust.direction')}
          value={direction}
          onChange={(value) => {
            setDirection(value === 'in' ? 'in' : 'out');
            clear();
          }}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="out" label={t('adjust.out')} />
            <Radio value="in" label={t('adjust.in')} />
          </Stack>
        </Radio.Group>
        <TextInput
          label={t('adjust.quantity')}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            clear();
          }}
          error={tried && wrong !== null ? t(wrong) : null}
          description={
            quantity === null
              ? `${t('on_hand')}: ${format.quantity(onHand, article.unit)}`
              : t('adjust.becomes', {
                  quantity: format.quantity(formatQuantity(quantityOf(onHand) + change), article.unit),
                })
          }
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          withAsterisk
          data-autofocus
        />
        <div>
          <TextInput
            label={t('adjust.reason')}
            description={t('adjust.reason_hint')}
            value={reason}
            maxLength={300}
            autoComplete="off"
            error={tried && reason.trim() === '' ? t('adjust.missing_reason') : null}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            withAsterisk
          />
          <Group gap={6} mt={8}>
            {reasons[direction].map((key) => {
              const words = t(`adjust.reasons.${key}`);
              return (
                <Chip key={key} size="sm" checked={reason === words} onChange={() => setReason(words)}>
                  {words}
                </Chip>
              );
            })}
          </Group>
        </div>
        {problem !== null && (
          <ProblemNote problem={problem}>
            {there !== undefined && (
              <Text>{t('adjust.too_much', { available: format.quantity(there, article.unit) })}</Text>
            )}
          </ProblemNote>
        )}
        <Group justify="flex-end" gap="sm" mt="sm">
          <Button variant="default" size="md" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" size="md" loading={busy !== null}>
            {t('adjust.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
