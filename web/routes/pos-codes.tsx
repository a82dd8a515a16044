import { Button } from '@mantine/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react';
import { toSVG } from 'bwip-js/node';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { createI18n, localeOf } from '../i18n/i18n';
import { requireActor } from '../load-context.server';
import classes from '../picking/Codes.module.css';
import { type Command, commandCodes, noteCode } from '../pos/command-codes';
import { notes } from '../pos/payment';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Nervio' }];

/** It says that it is a picture; what of is for us to say. */
const draw = (text: string): string =>
  toSVG({ bcid: 'code128', text, height: 10, includetext: true, textxalign: 'center' }).replace(
    '<svg ',
    `<svg aria-label="${text}" `,
  );

/** A sheet to print: with it a sale is made without touching the screen. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const actor = requireActor(context, request, 'sales.make');
  const { tenant } = await context.useCases.me(actor);
  const t = createI18n(localeOf(request, actor.locale)).getFixedT(null, 'pos');
  return {
    commands: (Object.keys(commandCodes) as Command[]).map((name) => ({ name, svg: draw(commandCodes[name]) })),
    notes: notes(tenant.currency).map((amount) => ({
      money: { amount, currency: tenant.currency },
      svg: draw(noteCode(amount)),
    })),
    title: t('codes.page_title'),
  };
}

export const shouldRevalidate = () => false;

export default function PosCodes() {
  const { t } = useTranslation('pos');
  const format = useFormat();
  const { commands, notes: money } = useLoaderData<typeof loader>();
  return (
    <main className={`${classes.sheet} ${classes.many}`}>
      <nav className={`nv-no-print ${classes.actions}`}>
        <Button component={Link} to="/pos" variant="default" size="lg" leftSection={<IconArrowLeft aria-hidden />}>
          {t('codes.back')}
        </Button>
        <Button size="lg" leftSection={<IconPrinter aria-hidden />} onClick={() => window.print()}>
          {t('codes.print')}
        </Button>
      </nav>
      <h1>{t('codes.title')}</h1>
      <p>{t('codes.text')}</p>
      <ul className={classes.codes}>
        {commands.map(({ name, svg }) => (
          <Code key={name} label={name === 'print' ? t('codes.print_receipt') : t(`codes.${name}`)} svg={svg} />
        ))}
        {money.map(({ money: amount, svg }) => (
          <Code key={amount.amount} label={t('codes.note', { amount: format.money(amount) })} svg={svg} />
        ))}
      </ul>
    </main>
  );
}

/** Drawn by the server from a constant. */
function Code({ label, svg }: { label: string; svg: string }) {
  return (
    <li>
      <h2>{label}</h2>
      <div className={classes.code} dangerouslySetInnerHTML={{ __html: svg }} />
    </li>
  );
}

export { LoadFailed as ErrorBoundary } from '../components/desk/LoadFailed';
