import { Button, Group, NativeSelect, Radio, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteSetup } from '../../../api/sites/schemas';
import { errors } from '../../../domain/errors';
import { readApi } from './api';
import { ProblemNote } from './ProblemNote';
import { useCommand } from './useCommand';

interface Draft {
  name: string;
  kind: 'store' | 'warehouse';
  address: string;
  timeZone: string;
  allowNegative: boolean;
}

interface Props {
  /** null = a new one. */
  site: SiteSetup | null;
  /** Where most of the business's sites are. */
  timeZone: string;
  onSaved(site: SiteSetup): void;
  /** How it is by now: somebody else changed it meanwhile. */
  onSeen(site: SiteSetup): void;
  onClose(): void;
}

const draftOf = (site: SiteSetup | null, timeZone: string): Draft => ({
  name: site?.name ?? '',
  kind: site?.kind ?? 'store',
  address: site?.address ?? '',
  timeZone: site?.timeZone ?? timeZone,
  allowNegative: site?.allowNegative ?? false,
});

/** Zones in which people keep shops; the business's own first. */
function zonesWith(own: string): string[] {
  const all = Intl.supportedValuesOf('timeZone').filter((zone) => /^(America|Europe|Atlantic|Pacific)\//.test(zone));
  return [own, ...all.filter((zone) => zone !== own)];
}

/** Creates a site, or changes one upon the version that is shown. */
export function SiteForm({ site, timeZone, onSaved, onSeen, onClose }: Props) {
  const { t, i18n } = useTranslation('stores');
  const { t: common } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(site, timeZone));
  const [missing, setMissing] = useState(false);
  const [now, setNow] = useState<SiteSetup | null>(null);
  const { run, busy, problem, clear } = useCommand();
  const set = (change: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...change }));
    if ('name' in change) setMissing(false);
  };

  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = draft.name.trim();
    const focusName = (): void =>
      void requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    setMissing(name === '');
    if (name === '') return focusName();
    const address = draft.address.trim() || null;
    const { kind, allowNegative } = draft;
    const outcome = await run<SiteSetup>(
      site === null
        ? { method: 'POST', path: '/sites', body: { name, kind, address, timeZone: draft.timeZone, allowNegative } }
        : { method: 'PATCH', path: `/sites/${site.id}`, body: { version: site.version, name, address, allowNegative } },
    );
    if (outcome.kind === 'ok') return onSaved(outcome.value);
    if (outcome.kind === 'problem' && outcome.problem.code === 'version_conflict' && site !== null) {
      const seen = await readApi<SiteSetup>(`/sites/${site.id}`);
      if (seen.kind === 'ok') setNow(seen.value);
    }
    focusName();
  };

  const taken = problem?.code === 'site_name_taken';
  const locale = i18n.language === 'en' ? 'en' : 'es';
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap="md">
        <TextInput
          label={t('name')}
          description={site === null ? t('name_hint') : undefined}
          value={draft.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          error={missing ? t('missing_name') : taken ? errors.site_name_taken[locale] : null}
          maxLength={80}
          autoComplete="off"
          withAsterisk
          data-autofocus
        />
        {site === null && (
          <Radio.Group
            label={t('kind')}
            value={draft.kind}
            onChange={(kind) => set({ kind: kind === 'warehouse' ? 'warehouse' : 'store' })}
          >
            <Stack gap="xs" mt={6}>
              <Radio value="store" label={t('kind_store')} description={t('kind_store_hint')} />
              <Radio value="warehouse" label={t('kind_warehouse')} description={t('kind_warehouse_hint')} />
            </Stack>
          </Radio.Group>
        )}
        <TextInput
          label={t('address')}
          value={draft.address}
          onChange={({ currentTarget }) => set({ address: currentTarget.value })}
          maxLength={200}
          autoComplete="off"
        />
        {site === null && (
          <NativeSelect
            label={t('time_zone')}
            description={t('time_zone_hint')}
            value={draft.timeZone}
            onChange={({ currentTarget }) => set({ timeZone: currentTarget.value })}
            data={zonesWith(timeZone).map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
          />
        )}
        <Switch
          label={t('allow_negative')}
          description={t('allow_negative_hint')}
          checked={draft.allowNegative}
          onChange={({ currentTarget }) => set({ allowNegative: currentTarget.checked })}
        />
        {site === null && <Text c="dimmed">{t('born_with')}</Text>}
        {problem !== null && !taken && (
          <ProblemNote problem={problem}>
            {now !== null && (
              <Stack gap={6} mt={6} align="flex-start">
                <Text>{t('conflict')}</Text>
                <Text fw={600}>
                  {now.name} · {now.address ?? t('no_address')} ·{' '}
                  {now.allowNegative ? t('allow_negative_yes') : t('allow_negative_no')}
                </Text>
                <Button
                  variant="default"
                  onClick={() => {
                    onSeen(now);
                    setDraft(draftOf(now, timeZone));
                    setNow(null);
                    clear();
                  }}
                >
                  {t('conflict_look')}
                </Button>
              </Stack>
            )}
          </ProblemNote>
        )}
        <Group justify="flex-end" gap="sm" mt="sm">
          <Button variant="default" size="md" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" size="md" loading={busy !== null}>
            {site === null ? t('new') : t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
