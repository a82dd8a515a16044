import { AppShell, Burger, Group, NavLink as MantineNavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useLocation, useRouteLoaderData } from '@remix-run/react';
import {
  IconBox,
  IconBuildingStore,
  IconChartBar,
  IconCashRegister,
  IconForklift,
  IconHeartRateMonitor,
  IconHistory,
  IconListDetails,
  IconPlugConnected,
  IconReceipt,
  IconTags,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import { type PropsWithChildren, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { can, type Permission } from '../../domain/access';
import { useBackgroundQueue } from '../offline/useBackgroundQueue';
import type { RootData } from '../root';
import { Mark } from './Brand';
import classes from './DeskShell.module.css';
import { ConnectionBadge } from './ConnectionBadge';
import { PageSkeleton } from './PageSkeleton';
import { usePagesAtHand } from './usePagesAtHand';
import { usePageOnItsWay } from './usePageOnItsWay';
import { UserMenu } from './UserMenu';

interface Section {
  to: string;
  key: `nav.${'today' | 'pos' | 'sales' | 'products' | 'stock' | 'picking' | 'operations' | 'stores' | 'status' | 'users' | 'audit' | 'connections'}`;
  icon: TablerIcon;
  permission: Permission;
  /** Other addresses of the section: its tabs, and what is opened from them. */
  also?: readonly string[];
}

/** By what people are about; a section is one line of the side bar however many screens it has. */
const groups: readonly { key: 'nav.shop' | 'nav.warehouse' | 'nav.business'; sections: readonly Section[] }[] = [
  {
    key: 'nav.shop',
    sections: [
      { to: '/today', key: 'nav.today', icon: IconChartBar, permission: 'reports.read' },
      { to: '/pos', key: 'nav.pos', icon: IconCashRegister, permission: 'sales.make' },
      {
        to: '/sales',
        key: 'nav.sales',
        icon: IconReceipt,
        permission: 'sales.read',
        also: ['/registers', '/sessions'],
      },
      {
        to: '/products',
        key: 'nav.products',
        icon: IconTags,
        permission: 'products.read',
        also: ['/prices', '/imports'],
      },
      { to: '/stock', key: 'nav.stock', icon: IconBox, permission: 'stock.read', also: ['/counts', '/entries'] },
    ],
  },
  {
    key: 'nav.warehouse',
    sections: [
      { to: '/picking', key: 'nav.picking', icon: IconForklift, permission: 'pallets.move' },
      { to: '/operations', key: 'nav.operations', icon: IconListDetails, permission: 'operations.read' },
    ],
  },
  {
    key: 'nav.business',
    sections: [
      { to: '/stores', key: 'nav.stores', icon: IconBuildingStore, permission: 'sites.read' },
      { to: '/status', key: 'nav.status', icon: IconHeartRateMonitor, permission: 'status.read' },
      { to: '/users', key: 'nav.users', icon: IconUsers, permission: 'users.read' },
      { to: '/audit', key: 'nav.audit', icon: IconHistory, permission: 'audit.read' },
      { to: '/connections', key: 'nav.connections', icon: IconPlugConnected, permission: 'connections.read' },
    ],
  },
];

const isWithin = (path: string, { to, also = [] }: Section): boolean =>
  [to, ...also].some((place) => path === place || path.startsWith(`${place}/`));

/** The desk: side bar by role, a slim bar on top with the truth about the connection, the content. */
export function DeskShell({ children }: PropsWithChildren) {
  const { t } = useTranslation();
  const user = useRouteLoaderData<RootData>('root')?.user;
  const { pending } = useBackgroundQueue(user && can(user, 'pallets.move') ? user : null);
  const [open, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const { path, slow, press } = usePageOnItsWay();
  usePagesAtHand();
  // The press is seen at once; the page follows when it is there.
  const shown = path ?? pathname;
  useEffect(close, [shown, close]);
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
            <ConnectionBadge pending={pending} />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className="nv-no-print" aria-label={t('nav.main')}>
        <div className={classes.groups}>
          {groups.map((group) => {
            const sections = group.sections.filter(({ permission }) => user && can(user, permission));
            return sections.length === 0 ? null : (
              <div key={group.key} role="group" aria-label={t(group.key)}>
                <p className={classes.group} aria-hidden>
                  {t(group.key)}
                </p>
                {sections.map((section) => {
                  const { to, key, icon: Icon } = section;
                  return (
                    <MantineNavLink
                      key={to}
                      component={Link}
                      to={to}
                      prefetch="intent"
                      onClick={press(to)}
                      label={t(key)}
                      aria-current={isWithin(shown, section) ? 'page' : undefined}
                      active={isWithin(shown, section)}
                      leftSection={<Icon size={20} stroke={1.8} aria-hidden />}
                      className={classes.link}
                    />
                  );
                })}
              </div>
            );
          })}
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {slow && <PageSkeleton />}
        <div hidden={slow}>{children}</div>
      </AppShell.Main>
    </AppShell>
  );
}
