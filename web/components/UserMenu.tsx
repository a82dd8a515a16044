import { ActionIcon, Menu, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { Form, useRouteLoaderData } from '@remix-run/react';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLocale } from '../i18n/i18n';
import type { RootData } from '../root';
import { useLanguage } from './LanguageSwitch';
import { useConnection } from '../offline/useConnection';
import { logout } from '../session/logout';

/** Who is logged in, language, appearance, log-out. Works without the network, but for the log-out. */
export function UserMenu({ large = false, children }: { large?: boolean; children?: React.ReactNode }) {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const { online } = useConnection();
  const [failed, setFailed] = useState(false);
  const choose = useLanguage();
  const small = large ? 18 : 14;
  return (
    <Menu position="bottom-end" width={large ? 330 : 280} shadow="lg" radius="lg" closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon size={large ? 56 : 40} radius="md" aria-label={t('menu')}>
          <IconUserCircle size={large ? 30 : 24} stroke={1.8} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {user && (
          <Stack gap={0} px="sm" py="xs">
            <Text fw={600} fz={large ? 20 : 16}>
              {user.name}
            </Text>
            <Text fz={small} c="dimmed">
              {t(`role.${user.role}`)} · {user.email}
            </Text>
          </Stack>
        )}
        <Menu.Divider />
        {children}
        <Stack gap={4} px="sm" py="xs">
          <Text fz={small} c="dimmed" id="menu-language">
            {t('language')}
          </Text>
          <SegmentedControl
            aria-labelledby="menu-language"
            size={large ? 'lg' : 'sm'}
            fullWidth
            value={i18n.language}
            onChange={(value) => isLocale(value) && choose(value)}
            data={[
              { value: 'es', label: t('language_es') },
              { value: 'en', label: t('language_en') },
            ]}
          />
          <Text fz={small} c="dimmed" mt="xs" id="menu-scheme">
            {t('scheme')}
          </Text>
          <SegmentedControl
            aria-labelledby="menu-scheme"
            size={large ? 'lg' : 'sm'}
            fullWidth
            value={colorScheme}
            onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
            data={[
              { value: 'light', label: t('scheme_light') },
              { value: 'dark', label: t('scheme_dark') },
              { value: 'auto', label: t('scheme_auto') },
            ]}
          />
        </Stack>
        <Menu.Divider />
        <Form method="post" action="/logout" onSubmit={(event) => void logout(event).catch(() => setFailed(true))}>
          <Menu.Item
            component="button"
            type="submit"
            disabled={online === false}
            mih={large ? 56 : 40}
            fz={large ? 'lg' : 'sm'}
            leftSection={<IconLogout size={20} aria-hidden />}
          >
            {t('logout')}
            {(online === false || failed) && (
              <Text fz={small} c="dimmed">
                {t('logout_needs_network')}
              </Text>
            )}
          </Menu.Item>
        </Form>
      </Menu.Dropdown>
    </Menu>
  );
}
