import { Alert, Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionView, TrialResult } from '../../../api/connections/schemas';
import { problemText } from '../../i18n/problem';
import { ProblemNote } from './ProblemNote';
import { useCommand } from './useCommand';

type Field = 'url' | 'database' | 'login';
type Errors = Partial<Record<Field | 'secret', 'missing' | 'url_bad' | 'secret_again'>>;
type Draft = Record<Field | 'secret', string>;

const settingsOf = (draft: Draft) => ({
  url: draft.url.trim().replace(/\/+$/, ''),
  database: draft.database.trim(),
  login: draft.login.trim(),
});

const schemes = { odoo: /^https?:\/\//i, mail: /^smtps?:\/\//i };

/** A mail server may need no log-in. */
function check(draft: Draft, elsewhere: boolean, mail: boolean): Errors {
  const fields: Field[] = mail ? ['url', 'database'] : ['url', 'database', 'login'];
  const missing = fields.filter((field) => draft[field].trim() === '');
  const badUrl = !schemes[mail ? 'mail' : 'odoo'].test(draft.url.trim()) || !URL.canParse(draft.url.trim());
  return {
    ...(badUrl && { url: 'url_bad' as const }),
    ...(elsewhere && draft.secret === '' && { secret: 'secret_again' as const }),
    ...Object.fromEntries(missing.map((field) => [field, 'missing' as const])),
  };
}

/** Where the outside system is, as whom we are there, and the key, which is written and never read. */
export function ConnectionForm(props: {
  connection: ConnectionView;
  onSaved(connection: ConnectionView): void;
  onClose(): void;
}) {
  const { connection, onSaved, onClose } = props;
  const { t } = useTranslation('system');
  const { t: common } = useTranslation();
  const [draft, setDraft] = useState<Draft>({ ...connection.settings, secret: '' });
  const [checked, setChecked] = useState(false);
  const [trial, setTrial] = useState<TrialResult | null>(null);
  const saving = useCommand();
  const testing = useCommand();
  const path = `/connections/${connection.id}`;

  const mail = connection.kind === 'mail';
  const [sameSystem, setSameSystem] = useState(false);
  const { url, database } = settingsOf(draft);
  const elsewhere = url !== connection.settings.url || database !== connection.settings.database;

  /** Once it was tried, what is wrong is said; as it is now, not as it was then. */
  const errors: Errors = checked ? check(draft, elsewhere, mail) : {};

  const body = () => ({
    settings: settingsOf(draft),
    ...(draft.secret !== '' && { secret: draft.secret }),
  });
  const fits = (): boolean => {
    setChecked(true);
    return Object.keys(check(draft, elsewhere, mail)).length === 0;
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!fits()) return;
    const outcome = await saving.run<ConnectionView>({
      method: 'PATCH',
      path,
      body: { version: connection.version, ...body(), ...(elsewhere && { sameSystem: sameSystem || mail }) },
    });
    if (outcome.kind === 'ok') onSaved(outcome.value);
  };
  const test = async (): Promise<void> => {
    if (!fits()) return;
    setTrial(null);
    const outcome = await testing.run<TrialResult>({ method: 'POST', path: `${path}/test`, body: body() });
    if (outcome.kind === 'ok') setTrial(outcome.value);
  };
  const field = (name: Field | 'secret') => ({
    value: draft[name],
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
      const { value } = currentTarget;
      setDraft((before) => ({ ...before, [name]: value }));
      setTrial(null);
    },
    autoComplete: 'off',
    autoCapitalize: 'none',
    spellCheck: false,
    size: 'md' as const,
  });
  const errorAt = (name: Field | 'secret'): string | undefined => {
    const error = errors[name];
    if (error === undefined) return undefined;
    return t(error === 'url_bad' && mail ? 'connections.url_bad_mail' : `connections.${error}`);
  };
  const problem = saving.problem ?? testing.problem;

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack gap="md">
        <TextInput
          {...field('url')}
          type="url"
          label={t('connections.url')}
          description={t(mail ? 'connections.url_hint_mail' : 'connections.url_hint')}
          error={errorAt('url')}
          maxLength={300}
          withAsterisk
          data-autofocus
        />
        <TextInput
          {...field('database')}
          label={t(mail ? 'connections.database_mail' : 'connections.database')}
          error={errorAt('database')}
          maxLength={200}
          withAsterisk
        />
        <TextInput
          {...field('login')}
          label={t('connections.login')}
          error={errorAt('login')}
          maxLength={200}
          withAsterisk={!mail}
        />
        <TextInput
          {...field('secret')}
          type="password"
          autoComplete="new-password"
          label={t('connections.secret')}
          description={t(elsewhere ? 'connections.secret_again' : 'connections.secret_hint')}
          error={errorAt('secret')}
          maxLength={500}
          withAsterisk={elsewhere}
        />
        {elsewhere && !mail && (
          <Checkbox
            size="md"
            checked={sameSystem}
            onChange={({ currentTarget }) => setSameSystem(currentTarget.checked)}
            label={t('connections.same_system')}
            description={t('connections.same_system_hint')}
          />
        )}
        <div>
          <Button variant="light" size="md" loading={testing.busy !== null} onClick={() => void test()}>
            {t('connections.test')}
          </Button>
        </div>
        {trial !== null && <Trial trial={trial} mail={mail} unsaved />}
        {problem !== null && <ProblemNote problem={problem} />}
        <Group justify="flex-end" gap="sm" mt="sm">
          <Button variant="default" size="md" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" size="md" loading={saving.busy !== null}>
            {t('connections.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The answer of a test, in words. */
export function Trial({ trial, mail, unsaved }: { trial: TrialResult; mail: boolean; unsaved: boolean }) {
  const { t, i18n } = useTranslation('system');
  const code = trial.code ?? 'internal';
  // «Guardado, se enviará…» is what a move says; a test has nothing to save.
  const problem =
    code === 'odoo_unreachable' ||
    code === 'odoo_unknown_outcome' ||
    code === 'mail_unreachable' ||
    code === 'mail_unknown_outcome'
      ? t(`connections.problem.${code}`)
      : problemText(code, i18n.language === 'en' ? 'en' : 'es');
  return (
    <Alert
      role="status"
      variant="light"
      radius="md"
      color={trial.ok ? 'green' : 'red'}
      icon={trial.ok ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
    >
      <strong style={{ color: trial.ok ? 'var(--nv-good)' : 'var(--nv-bad)' }}>
        {trial.ok
          ? t(mail ? 'connections.test_ok_mail' : 'connections.test_ok', {
              version: trial.serverVersion ?? '–',
              ms: Math.max(1, Math.round(trial.latencyMs ?? 0)),
            })
          : t('connections.test_failed', { problem })}
      </strong>
      {unsaved && <div>{t('connections.test_unsaved')}</div>}
      {trial.detail !== null && (
        <details>
          <summary>{t('connections.technical')}</summary>
          <code className="nv-code">{trial.detail}</code>
        </details>
      )}
    </Alert>
  );
}
