import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { Link, useRouteLoaderData } from '@remix-run/react';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RootData } from '../../root';

interface Saved {
  name: string;
  search: string;
}

const mostSaved = 20;

/** Filters that a person keeps under a name, on this device. `search`: the address part of those that are set now. */
export function SavedFilters({ screen, search }: { screen: 'operations' | 'audit'; search: string }) {
  const { t } = useTranslation('desk');
  const user = useRouteLoaderData<RootData>('root')?.user;
  const [saved, setSaved] = useLocalStorage<Saved[]>({
    key: `nervio-filters-${screen}-${user?.id ?? ''}`,
    defaultValue: [],
  });
  const [name, setName] = useState('');
  const [opened, { close, toggle }] = useDisclosure(false);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const named = name.trim();
    if (named === '') return;
    setSaved([{ name: named, search }, ...saved.filter((one) => one.name !== named)].slice(0, mostSaved));
    setName('');
  };
  return (
    <Popover
      opened={opened}
      onChange={close}
      position="bottom-end"
      width={300}
      shadow="lg"
      radius="lg"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="default"
          size="var(--nv-square)"
          aria-label={t('saved.open')}
          title={t('saved.open')}
          onClick={toggle}
        >
          <IconBookmark size={20} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('saved.open')}>
        <Stack gap="xs">
          {saved.length === 0 && (
            <Text fz={14} c="dimmed">
              {t('saved.none')}
            </Text>
          )}
          {saved.map((one) => (
            <Group key={one.name} gap={4} wrap="nowrap">
              <Button
                component={Link}
                to={{ search: one.search }}
                replace
                preventScrollReset
                variant="subtle"
                justify="flex-start"
                fullWidth
                h={44}
                onClick={close}
              >
                {one.name}
              </Button>
              <ActionIcon
                variant="subtle"
                size={44}
                aria-label={t('saved.remove', { name: one.name })}
                onClick={() => setSaved(saved.filter((other) => other !== one))}
              >
                <IconTrash size={18} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          {search !== '' && (
            <form onSubmit={save}>
              <Stack gap="xs">
                <TextInput
                  size="md"
                  label={t('saved.name')}
                  value={name}
                  maxLength={60}
                  onChange={({ currentTarget }) => setName(currentTarget.value)}
                />
                <Button type="submit" size="md" disabled={name.trim() === ''}>
                  {t('saved.save')}
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
