import type { TakenMail } from './server';

const escape = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What came, newest first, for whoever tries the demo. */
export function inboxPage(messages: readonly TakenMail[]): string {
  const items = [...messages]
    .reverse()
    .map(
      (mail) =>
        `<details><summary><b>${escape(mail.subject)}</b> → ${escape(mail.to.join(', '))} <time>${mail.at}</time>${
          mail.times > 1 ? ` (${mail.times}×)` : ''
        }</summary><pre>${escape(mail.text)}</pre>${mail.attachments
          .map(
            ({ name, bytes }, index) =>
              `<p><a href="/messages/${mail.id}/${index}">${escape(name)}</a> (${bytes} B)</p>`,
          )
          .join('')}</details>`,
    );
  return `<!doctype html><html lang="es"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Correo (simulador)</title>
<style>body{font:16px system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}details{border-bottom:1px solid #ccc;padding:.6rem 0}time{color:#666;font-size:.85em}pre{white-space:pre-wrap}</style>
<h1>Correo (simulador)</h1>${items.length === 0 ? '<p>Aún no llega ninguno.</p>' : items.join('')}</html>`;
}
