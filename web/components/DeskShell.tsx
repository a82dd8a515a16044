import { AppShell, Burger, Group, NavLink as MantineNavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { NavLink, useLocation, useRouteLoaderData } from '@remix-run/react';
import {
  IconForklift,
  IconHeartRateMonitor,
  IconHistory,
  IconListDetails,
  IconPlugConnected,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import { type PropsWithChildren, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { can, type Permission } from '../../domain/access';
import type { RootData } from '../root';
import { Mark } from './Brand';
import classes from './DeskShell.module.css';
import { ConnectionBadge } from './ConnectionBadge';
import { UserMenu } from './UserMenu';

const sections = [
  { to: '/picking', key: 'nav.picking', icon: IconForklift, permission: 'pallets.move' },
  { to: '/operations', key: 'nav.operations', icon: IconListDetails, permission: 'operations.read' },
  { to: '/status', key: 'nav.status', icon: IconHeartRateMonitor, permission: 'status.read' },
  { to: '/users', key: 'nav.users', icon: IconUsers, permission: 'users.read' },
  { to: '/audit', key: 'nav.audit', icon: IconHistory, permission: 'audit.read' },
  { to: '/connections', key: 'nav.connections', icon: IconPlugConnected, permission: 'connections.read' },
] as const satisfies readonly { to: string; key: string; icon: TablerIcon; permission: Permission }[];

/** The desk: side bar by role, a slim bar on top with the truth about the connection, the content. */
export function DeskShell({ children }: PropsWithChildren) {
  const { t } = useTranslation();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const [open, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'md', sm: 'lg' }}
      classNames={{ header: classes.header, navbar: classes.navbar, main: classes.main }}
    >
      <AppShell.Header className="nv-no-print">
        <a href="#content" className={classes.skip}>
          {t('skip')}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('menu')}
              aria-expanded={open}
            />
            <span className={classes.mark}>
              <Mark size={26} />
            </span>
            <Text fw={700} fz={19} className={classes.name}>
              {t('app')}
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ConnectionBadge />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className="nv-no-print" aria-label={t('nav.main')}>
        {sections
          .filter((section) => user && can(user, section.permission))
          .map(({ to, key, icon: Icon }) => (
            <MantineNavLink
              key={to}
              component={NavLink}
              to={to}
              prefetch="intent"
              label={t(key)}
              active={pathname === to || pathname.startsWith(`${to}/`)}
              leftSection={<Icon size={20} stroke={1.8} aria-hidden />}
              className={classes.link}
            />
          ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
