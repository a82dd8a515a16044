import { RemixBrowser } from '@remix-run/react';
import { startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { NonceProvider, pageNonce } from './components/Nonce';
import { createI18n, isLocale } from './i18n/i18n';
import { watchInstall } from './offline/useInstall';
import { registerServiceWorker } from './offline/register';

declare global {
  // Where the scroll lock of dialogs (react-remove-scroll by get-nonce) looks for the nonce of its style sheet.
  var __webpack_nonce__: string | undefined;
}
globalThis.__webpack_nonce__ = pageNonce();

const language = document.documentElement.lang.slice(0, 2);
const i18n = createI18n(isLocale(language) ? language : 'es');

startTransition(() => {
  hydrateRoot(
    document,
    <NonceProvider nonce={pageNonce()}>
      <I18nextProvider i18n={i18n}>
        <RemixBrowser />
      </I18nextProvider>
    </NonceProvider>,
  );
});

registerServiceWorker();
watchInstall();
