import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { isErrorCode, NervioError } from '../../domain/errors';
import { Mark } from '../components/Brand';
import { LanguageSwitch } from '../components/LanguageSwitch';
import { ProblemAlert } from '../components/ProblemAlert';
import { createI18n, localeOf } from '../i18n/i18n';
import { firstScreen, safeNext } from '../load-context.server';
import { useConnection } from '../offline/useConnection';
import { useKeptMoves } from '../offline/useKeptMoves';
import { useLockedSubmit } from '../session/useLockedSubmit';
import classes from './login.module.css';

const demoUsers = ['bodega', 'encargada', 'admin', 'caja', 'finanzas'] as const;
const demoRoles = {
  bodega: 'warehouse',
  encargada: 'manager',
  admin: 'admin',
  caja: 'cashier',
  finanzas: 'finance',
} as const;

export function loader({ context, request }: LoaderFunctionArgs) {
  if (context.actor)
    throw redirect(safeNext(new URL(request.url).searchParams.get('next')) ?? firstScreen(context.actor.role));
  const t = createI18n(localeOf(request, null)).getFixedT(null, 'auth');
  return { demo: /^(1|true|yes|on)$/i.test(process.env['NERVIO_DEMO'] ?? ''), title: t('page_title') };
}

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [{ title: loaded?.title ?? 'Nervio' }];

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData();
  const [email, password] = ['email', 'password'].map((name) => String(form.get(name) ?? ''));
  if (!email?.trim() || !password) {
    return data(
      { email: email ?? '', missing: email?.trim() ? ('password' as const) : ('email' as const), code: null },
      { status: 400 },
    );
  }
  try {
    const me = await context.signIn({ email: email.slice(0, 254), password: password.slice(0, 200) });
    return redirect(safeNext(new URL(request.url).searchParams.get('next')) ?? firstScreen(me.role));
  } catch (error) {
    // By its code, not its class: the server and this build each have their own copy of the class.
    const code =
      error instanceof Error && 'code' in error && typeof error.code === 'string' && isErrorCode(error.code)
        ? error.code
        : null;
    if (code === null) throw error;
    return data({ email, missing: null, code }, { status: new NervioError(code).spec.status });
  }
}

export default function Login() {
  const { t } = useTranslation('auth');
  const { t: common } = useTranslation();
  const { demo } = useLoaderData<typeof loader>();
  const failed = useActionData<typeof action>();
  const { onSubmit, busy } = useLockedSubmit();
  const { online } = useConnection();
  const kept = useKeptMoves();
  return (
    <main className={classes.page}>
      <div className={classes.brand}>
        <span className={classes.mark}>
          <Mark size={52} />
        </span>
        <p className={classes.name}>{common('app')}</p>
        <p className={classes.tagline}>{t('tagline')}</p>
      </div>
      <div className={classes.card}>
        <h1 className={classes.title}>{t('title')}</h1>
        {online === false && <p className={classes.offline}>{t('offline')}</p>}
        {kept > 0 && <p className={classes.kept}>{t('kept', { count: kept })}</p>}
        {failed?.code && <ProblemAlert code={failed.code} />}
        <Form method="post" className={classes.form} onSubmit={onSubmit} noValidate>
          <TextInput
            name="email"
            type="email"
            label={t('email')}
            defaultValue={failed?.email}
            error={failed?.missing === 'email' && t('email_missing')}
            autoComplete="username"
            autoCapitalize="off"
            spellCheck={false}
            inputMode="email"
            required
            withAsterisk={false}
            size="xl"
          />
          <PasswordInput
            name="password"
            label={t('password')}
            error={failed?.missing === 'password' && t('password_missing')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            size="xl"
            visibilityToggleButtonProps={{ 'aria-label': t('show_password'), tabIndex: 0 }}
          />
          <Button type="submit" size="xl" fullWidth loading={busy} mt="xs">
            {t('submit')}
          </Button>
        </Form>
      </div>
      {demo && (
        <Form method="post" className={classes.demo} onSubmit={onSubmit}>
          <input type="hidden" name="password" value="nervio-demo" />
          <p className={classes.demoTitle}>{t('demo_title')}</p>
          <p className={classes.demoText}>{t('demo_text', { password: 'nervio-demo' })}</p>
          <div className={classes.users}>
            {demoUsers.map((user) => (
              <button
                key={user}
                type="submit"
                name="email"
                value={`${user}@demo.test`}
                className={classes.user}
                disabled={busy}
              >
                <strong>{common(`role.${demoRoles[user]}`)}</strong>
                <span>{`${user}@demo.test`}</span>
              </button>
            ))}
          </div>
        </Form>
      )}
      <LanguageSwitch />
    </main>
  );
}
