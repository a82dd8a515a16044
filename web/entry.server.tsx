import { PassThrough } from 'node:stream';
import { type AppLoadContext, createReadableStreamFromReadable, type EntryContext } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { I18nextProvider } from 'react-i18next';
import { renderToPipeableStream } from 'react-dom/server';
import { createI18n, localeOf } from './i18n/i18n';
import { NonceProvider } from './components/Nonce';

const abortAfterMs = 5_000;

/** Renders a page with the request's language and the response's CSP nonce. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  loadContext: AppLoadContext,
): Promise<Response> {
  const i18n = createI18n(localeOf(request, loadContext.actor?.locale));
  const nonce = loadContext.cspNonce;
  const whole = isbot(request.headers.get('user-agent') ?? '');
  return new Promise((resolve, reject) => {
    let started = false;
    let code = status;
    const send = (): void => {
      started = true;
      const body = new PassThrough();
      headers.set('content-type', 'text/html; charset=utf-8');
      headers.append('vary', 'cookie, accept-language');
      if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-cache');
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status: code }));
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(
      <NonceProvider nonce={nonce}>
        <I18nextProvider i18n={i18n}>
          <RemixServer context={remixContext} url={request.url} abortDelay={abortAfterMs} nonce={nonce} />
        </I18nextProvider>
      </NonceProvider>,
      {
        nonce,
        onShellReady: () => !whole && send(),
        onAllReady: () => whole && send(),
        onShellError: (error) => reject(error instanceof Error ? error : new Error(String(error))),
        onError: (error) => {
          code = 500;
          if (started) console.error(error);
        },
      },
    );
    setTimeout(abort, abortAfterMs + 1_000).unref();
  });
}
