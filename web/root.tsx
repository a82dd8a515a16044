import '@mantine/core/styles.css';
import './theme/fonts.css';
import './theme/global.css';
import { ColorSchemeScript, mantineHtmlProps, MantineProvider } from '@mantine/core';
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  type ShouldRevalidateFunction,
  useLoaderData,
} from '@remix-run/react';
import { type PropsWithChildren, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorScreen } from './components/ErrorScreen';
import { useNonce } from './components/Nonce';
import { localeOf } from './i18n/i18n';
import { type Role } from '../domain/access';
import { cssVariables, theme } from './theme/theme';

export const links: LinksFunction = () => [
  { rel: 'manifest', href: '/manifest.webmanifest' },
  { rel: 'icon', href: '/icons/icon.svg', type: 'image/svg+xml' },
  { rel: 'apple-touch-icon', href: '/icons/icon-180.png' },
];

export const meta: MetaFunction = () => [{ title: 'Nervio' }];

/** Who uses the app, for the shells; null on the log-in page. */
export interface WebUser {
  id: string;
  tenantId: string;
  name: string;
  email: string;
  role: Role;
}

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { actor, useCases } = context;
  const user: WebUser | null = actor && {
    id: actor.userId,
    tenantId: actor.tenantId,
    name: actor.name,
    email: actor.email,
    role: actor.role,
  };
  const [timeZone, me] = actor
    ? await Promise.all([useCases.timeZoneOf(actor), useCases.me(actor)])
    : (['UTC', null] as const);
  return { user, timeZone, tenantLocale: me?.tenant.locale ?? null, language: localeOf(request, actor?.locale) };
}

export type RootData = Awaited<ReturnType<typeof loader>>;

/** The person changes only by logging in or out; nothing else needs to ask again. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formAction }) =>
  formAction === '/login' || formAction === '/logout';

export function Layout({ children }: PropsWithChildren) {
  const { i18n } = useTranslation();
  const nonce = useNonce();
  return (
    <html lang={i18n.language} {...mantineHtmlProps}>
      <head>
        <meta charSet="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f3f5f6" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0c1214" />
        <ColorSchemeScript nonce={nonce} defaultColorScheme="auto" suppressHydrationWarning />
        <Meta />
        <Links />
      </head>
      <body>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          defaultColorScheme="auto"
          getStyleNonce={() => nonce ?? ''}
        >
          {children}
        </MantineProvider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  const { i18n } = useTranslation();
  const { language } = useLoaderData<typeof loader>();
  useEffect(() => {
    // Who has just logged in may read another language than this browser's.
    void i18n.changeLanguage(language);
  }, [i18n, language]);
  useEffect(() => {
    document.documentElement.lang = i18n.language;
  }, [i18n.language]);
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ErrorScreen />;
}
