import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Radio,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../api/users/schemas';
import { isErrorCode } from '../../../domain/errors';
import { problemText } from '../../i18n/problem';
import { ProblemNote } from './ProblemNote';
import { useCommand } from './useCommand';
import {
  changeOf,
  checkUser,
  creationOf,
  draftOf,
  errorsOf,
  makePassword,
  newUser,
  personRoles,
  type UserDraft,
  type UserErrors,
  type UserField,
} from './user-form';

interface Props {
  /** null = a new one. */
  user: UserView | null;
  sites: { id: string; name: string }[];
  onSaved(user: UserView): void;
  onClose(): void;
}

/** Creates a user, or changes one: what is wrong stands beside its field. */
export function UserForm({ user, sites, onSaved, onClose }: Props) {
  const { t, i18n } = useTranslation('admin');
  const { t: common } = useTranslation();
  const [draft, setDraft] = useState<UserDraft>(user === null ? newUser : draftOf(user));
  const [errors, setErrors] = useState<UserErrors>({});
  const { run, busy, problem } = useCommand();
  const set = (change: Partial<UserDraft>): void => {
    setDraft((before) => ({ ...before, ...change }));
    // What is being mended is not wrong any more; whether it is right says the next try.
    const mended = Object.keys(change).map((key) => (key === 'allSites' || key === 'siteIds' ? 'sites' : key));
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !mended.includes(field))));
  };

  const errorAt = (field: UserField): string | null => {
    const key = errors[field];
    if (key === undefined) return null;
    if (isErrorCode(key)) return problemText(key, i18n.language === 'en' ? 'en' : 'es');
    return t(`users.${key as 'missing_name' | 'bad_email' | 'missing_sites'}`);
  };

  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const wrong = checkUser(draft, user === null);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return focusFirst(form);
    const outcome = await run<UserView>(
      user === null
        ? { method: 'POST', path: '/users', body: creationOf(draft) }
        : { method: 'PATCH', path: `/users/${user.id}`, body: changeOf(draft, user) },
    );
    if (outcome.kind === 'ok') return onSaved(outcome.value);
    if (outcome.kind === 'problem') setErrors(errorsOf(outcome.problem));
    focusFirst(form);
  };

  const unplaced = problem !== null && Object.keys(errors).length === 0;
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap="md">
        <TextInput
          label={t('users.name')}
          value={draft.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          error={errorAt('name')}
          maxLength={120}
          autoComplete="off"
          withAsterisk
          data-autofocus
        />
        <TextInput
          label={t('users.email')}
          type="email"
          value={draft.email}
          onChange={({ currentTarget }) => set({ email: currentTarget.value })}
          error={errorAt('email')}
          description={user === null ? undefined : t('users.email_fixed')}
          readOnly={user !== null}
          maxLength={254}
          autoComplete="off"
          withAsterisk={user === null}
        />
        <NativeSelect
          label={t('users.role')}
          description={t(`users.role_what.${draft.role}`)}
          value={draft.role}
          onChange={({ currentTarget }) =>
            set({ role: personRoles.find((role) => role === currentTarget.value) ?? draft.role })
          }
          error={errorAt('role')}
          data={personRoles.map((role) => ({ value: role, label: common(`role.${role}`) }))}
        />
        <Radio.Group
          label={t('users.sites')}
          value={draft.allSites ? 'all' : 'some'}
          onChange={(value) => set({ allSites: value === 'all' })}
          error={errorAt('sites')}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="all" label={t('users.all_sites')} />
            <Radio value="some" label={t('users.some_sites')} />
          </Stack>
        </Radio.Group>
        {!draft.allSites && (
          <Checkbox.Group
            value={draft.siteIds}
            onChange={(siteIds) => set({ siteIds: [...siteIds].sort() })}
            aria-label={t('users.some_sites')}
          >
            <Stack gap="xs" ps="lg">
              {sites.map(({ id, name }) => (
                <Checkbox key={id} value={id} label={name} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <div>
          <Text size="sm" fw={500} id="user-language" mb={4}>
            {t('users.language')}
          </Text>
          <SegmentedControl
            aria-labelledby="user-language"
            value={draft.locale}
            onChange={(value) => set({ locale: value === 'en' ? 'en' : 'es' })}
            data={[
              { value: 'es', label: common('language_es') },
              { value: 'en', label: common('language_en') },
            ]}
          />
        </div>
        {user !== null && (
          <Switch
            label={t('users.active')}
            description={t('users.active_hint')}
            checked={draft.active}
            onChange={({ currentTarget }) => set({ active: currentTarget.checked })}
            error={errorAt('active')}
          />
        )}
        <Password draft={draft} isNew={user === null} error={errorAt('password')} set={set} />
        {unplaced && <ProblemNote problem={problem} />}
        <Group justify="flex-end" gap="sm" mt="sm">
          <Button variant="default" size="md" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" size="md" loading={busy !== null}>
            {user === null ? t('users.new') : t('users.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** In clear: it is made to be handed over, and nobody looks over an administrator's shoulder more than over the paper. */
function Password(props: {
  draft: UserDraft;
  isNew: boolean;
  error: string | null;
  set(change: Partial<UserDraft>): void;
}) {
  const { t } = useTranslation('admin');
  const { draft, isNew, error, set } = props;
  const [open, setOpen] = useState(isNew);
  if (!open) {
    return (
      <div>
        <Button variant="default" onClick={() => setOpen(true)}>
          {t('users.password_reset')}
        </Button>
      </div>
    );
  }
  return (
    <Group align="flex-start" gap="sm" wrap="nowrap">
      <TextInput
        flex={1}
        label={isNew ? t('users.password') : t('users.password_new')}
        description={isNew ? t('users.password_hint') : `${t('users.password_hint')} ${t('users.password_reset_hint')}`}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        value={draft.password}
        onChange={({ currentTarget }) => set({ password: currentTarget.value })}
        error={error}
        maxLength={200}
        autoComplete="new-password"
        autoCapitalize="none"
        spellCheck={false}
        withAsterisk={isNew}
        classNames={{ input: 'nv-code' }}
      />
      <Button
        variant="default"
        mt={24}
        onClick={() => set({ password: makePassword((values) => crypto.getRandomValues(values)) })}
      >
        {t('users.password_make')}
      </Button>
    </Group>
  );
}

/** After the next paint, when the fields know that they are wrong. */
function focusFirst(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
