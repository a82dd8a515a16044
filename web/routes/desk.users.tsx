import { Button, Text, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useRouteLoaderData, useSearchParams } from '@remix-run/react';
import { IconCircleCheck, IconLock, IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../api/users/schemas';
import { can } from '../../domain/access';
import { useAnnounceChange } from '../components/desk/Announcer';
import table from '../components/desk/DataTable.module.css';
import { everyRow } from '../components/desk/every-row';
import { PageHead } from '../components/desk/PageHead';
import { SidePanel } from '../components/desk/SidePanel';
import { deskWords } from '../components/desk/title.server';
import { useDeskScan } from '../components/desk/useDeskScan';
import { UserForm } from '../components/desk/UserForm';
import classes from '../components/desk/Users.module.css';
import { EmptyState } from '../components/EmptyState';
import { useFormat } from '../i18n/format';
import { requireActor } from '../load-context.server';
import type { RootData } from '../root';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'users.read');
  const { useCases } = context;
  const sites = await useCases.listSites(actor);
  // All of them: a business has some hundred, and the search is to find each.
  const users: UserView[] = [];
  const page = (cursor: string | undefined) =>
    useCases.listUsers(actor, { limit: 200, ...(cursor !== undefined && { cursor }) });
  for await (const user of everyRow(page)) users.push(user);
  return { users, sites: sites.items, title: deskWords(request, actor.locale)('admin:users.page_title') };
}

/** Which form is open is in the address too; that is no reason to ask again. */
export const shouldRevalidate = () => false;

export default function Users() {
  const { t } = useTranslation('admin');
  const loaded = useLoaderData<typeof loader>();
  const me = useRouteLoaderData<RootData>('root')?.user;
  const [params, setParams] = useSearchParams();
  const [users, setUsers] = useState<UserView[]>(loaded.users);
  const [said, setSaid] = useState('');
  const [words, setWords] = useState('');
  useDocumentTitle(t('users.page_title'));
  const announced = useAnnounceChange(said);

  const mayWrite = me != null && can(me, 'users.write');
  const editing = users.find(({ id }) => id === params.get('edit')) ?? null;
  const open = mayWrite && (editing !== null || params.has('new'));
  const close = (): void => setParams({}, { preventScrollReset: true });
  useDeskScan({ busy: open });

  const taken = (user: UserView): void => {
    setSaid(editing === null ? t('users.created') : t('users.saved'));
    setUsers((before) =>
      [...before.filter(({ id }) => id !== user.id), user].sort((a, b) => (a.email < b.email ? -1 : 1)),
    );
    close();
  };
  const wanted = words.trim().toLowerCase();
  const shown = users.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted));
  return (
    <>
      <PageHead
        title={t('users.title')}
        aside={
          mayWrite && (
            <Button
              leftSection={<IconUserPlus size={18} aria-hidden />}
              onClick={() => setParams({ new: '' }, { preventScrollReset: true })}
            >
              {t('users.new')}
            </Button>
          )
        }
      />
      {announced}
      {!mayWrite && (
        <Text c="dimmed" mb="md">
          {t('users.read_only')}
        </Text>
      )}
      <div className={table.filters}>
        <TextInput
          type="search"
          aria-label={t('users.search')}
          placeholder={t('users.search')}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={words}
          onChange={({ currentTarget }) => setWords(currentTarget.value)}
        />
        {said !== '' && (
          <span className={classes.said}>
            <IconCircleCheck size={18} aria-hidden /> {said}
          </span>
        )}
      </div>
      {shown.length === 0 ? (
        <EmptyState icon={IconSearch} title={t('users.none_found')} text="" />
      ) : (
        <UserTable
          users={shown}
          sites={loaded.sites}
          mayWrite={mayWrite}
          me={me?.id ?? null}
          onEdit={(id) => setParams({ edit: id }, { preventScrollReset: true })}
        />
      )}
      <SidePanel
        opened={open}
        onClose={close}
        title={editing === null ? t('users.new_title') : t('users.edit_title', { name: editing.name })}
      >
        <UserForm key={editing?.id ?? 'new'} user={editing} sites={loaded.sites} onSaved={taken} onClose={close} />
      </SidePanel>
    </>
  );
}

function UserTable(props: {
  users: UserView[];
  sites: { id: string; name: string }[];
  mayWrite: boolean;
  me: string | null;
  onEdit(id: string): void;
}) {
  const { t } = useTranslation('admin');
  const { t: common } = useTranslation();
  const format = useFormat();
  const names = new Map(props.sites.map(({ id, name }) => [id, name]));
  const sitesOf = (user: UserView): string =>
    user.allSites
      ? t('users.all_sites')
      : user.siteIds.length > 2
        ? t('users.sites_count', { count: user.siteIds.length })
        : user.siteIds.map((id) => names.get(id) ?? id).join(', ');
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('users.name')}</th>
          <th scope="col">{t('users.role')}</th>
          <th scope="col">{t('users.sites')}</th>
          <th scope="col">{t('users.last_login')}</th>
        </tr>
      </thead>
      <tbody>
        {props.users.map((user) => (
          <tr key={user.id} className={classes.row} data-active={user.active}>
            <td>
              <div>
                {props.mayWrite ? (
                  <button
                    type="button"
                    className={classes.name}
                    onClick={() => props.onEdit(user.id)}
                    aria-label={t('users.edit', { name: user.name })}
                  >
                    {user.name}
                  </button>
                ) : (
                  <span className={table.strong}>{user.name}</span>
                )}
                {user.id === props.me && <span className={table.quiet}> ({t('users.you')})</span>}
                <span className={`${table.block} ${table.quiet}`}>{user.email}</span>
              </div>
            </td>
            <td>
              <div>
                {common(`role.${user.role}`)}
                {!user.active && (
                  <span className={`${table.block} ${table.mark}`} data-tone="bad">
                    <IconLock size={15} aria-hidden /> {t('users.inactive')}
                  </span>
                )}
              </div>
            </td>
            <td data-label={t('users.sites')}>{sitesOf(user)}</td>
            <td data-label={t('users.last_login')}>
              {user.lastLoginAt === null ? t('users.never') : format.dateTime(user.lastLoginAt)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
