import { createContext, type PropsWithChildren, useContext } from 'react';

const NonceContext = createContext<string | undefined>(undefined);

/** The nonce of this page's content security policy, for the few inline scripts and styles. */
export function NonceProvider({ nonce, children }: PropsWithChildren<{ nonce: string | undefined }>) {
  return <NonceContext.Provider value={nonce}>{children}</NonceContext.Provider>;
}

export const useNonce = (): string | undefined => useContext(NonceContext);

/** In the browser the attribute is hidden from markup, but a script element still knows its nonce. */
export function pageNonce(): string | undefined {
  return document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
}
