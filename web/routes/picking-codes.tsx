import { Button } from '@mantine/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react';
import { toSVG } from 'bwip-js/node';
import { useTranslation } from 'react-i18next';
import { createI18n, localeOf } from '../i18n/i18n';
import { requireActor } from '../load-context.server';
import { commandCodes } from '../picking/command-codes';
import classes from '../picking/Codes.module.css';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

/** A sheet to print: with it a move is made without touching the screen. */
export function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'pallets.move');
  const codes = (['confirm', 'undo', 'next'] as const).map((name) => ({
    name,
    // It says that it is a picture; what of is for us to say.
    svg: toSVG({
      bcid: 'code128',
      text: commandCodes[name],
      height: 16,
      includetext: true,
      textxalign: 'center',
    }).replace('<svg ', `<svg aria-label="${commandCodes[name]}" `),
  }));
  const t = createI18n(localeOf(request, actor.locale)).getFixedT(null, 'picking');
  return { codes, title: t('codes.page_title') };
}

export const shouldRevalidate = () => false;

export default function PickingCodes() {
  const { t } = useTranslation('picking');
  const { codes } = useLoaderData<typeof loader>();
  return (
    <main className={classes.sheet}>
      <nav className={`nv-no-print ${classes.actions}`}>
        <Button component={Link} to="/picking" variant="default" size="lg" leftSection={<IconArrowLeft aria-hidden />}>
          {t('codes.back')}
        </Button>
        <Button size="lg" leftSection={<IconPrinter aria-hidden />} onClick={() => window.print()}>
          {t('codes.print')}
        </Button>
      </nav>
      <h1>{t('codes.title')}</h1>
      <p>{t('codes.text')}</p>
      <ul className={classes.codes}>
        {codes.map(({ name, svg }) => (
          <li key={name}>
            <h2>{t(`codes.${name}`)}</h2>
            {/* Drawn by the server from a constant. */}
            <div className={classes.code} dangerouslySetInnerHTML={{ __html: svg }} />
          </li>
        ))}
      </ul>
    </main>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
