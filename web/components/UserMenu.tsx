import { ActionIcon, Divider, Popover, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { Form, useRouteLoaderData } from '@remix-run/react';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLocale } from '../i18n/i18n';
import type { RootData } from '../root';
import { useLanguage } from './LanguageSwitch';
import classes from './UserMenu.module.css';
import { useConnection } from '../offline/useConnection';
import { logout } from '../session/logout';

/**
 * Who is logged in, language, appearance, log-out. Works without the network, but for the log-out. `waiting`: moves that a
 * log-out would leave on this device.
 */
export function UserMenu(props: {
  large?: boolean;
  waiting?: number;
  /** Where the screen decides; else the menu does. */
  opened?: boolean;
  onChange?: (opened: boolean) => void;
  children?: React.ReactNode;
}) {
  const [own, setOwn] = useState(false);
  const { opened = own, onChange = setOwn } = props;
  const { large = false, waiting = 0, children } = props;
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const { online } = useConnection();
  const [failed, setFailed] = useState(false);
  const choose = useLanguage();
  const small = large ? 18 : 14;
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      position="bottom-end"
      width={large ? 330 : 280}
      shadow="lg"
      radius="lg"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon size={large ? 56 : 40} radius="md" aria-label={t('menu')} onClick={() => onChange(!opened)}>
          <IconUserCircle size={large ? 30 : 24} stroke={1.8} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label={t('menu')}>
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
        <Divider my={6} />
        {children}
        <Stack gap={4} px="sm" py="xs">
          <Text fz={small} c="dimmed" id="menu-language">
            {t('language')}
          </Text>
          <SegmentedControl
            aria-labelledby="menu-language"
            size={large ? 'lg' : 'sm'}
            {...(large && { classNames: { label: classes.tall } })}
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
            {...(large && { classNames: { label: classes.tall } })}
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
        <Divider my={6} />
        <Form method="post" action="/logout" onSubmit={(event) => void logout(event).catch(() => setFailed(true))}>
          <button type="submit" className={classes.action} data-large={large} disabled={online === false}>
            <IconLogout size={large ? 24 : 20} aria-hidden />
            <span>
              {t('logout')}
              {online === false || failed ? (
                <small>{t('logout_needs_network')}</small>
              ) : waiting > 0 ? (
                <small>{t('logout_kept', { count: waiting })}</small>
              ) : null}
            </span>
          </button>
        </Form>
      </Popover.Dropdown>
    </Popover>
  );
}
