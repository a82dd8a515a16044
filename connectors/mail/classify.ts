import { MailError, type MailErrorClass } from './errors';

/** What nodemailer tells of a failed step. */
interface Failure {
  code?: unknown;
  responseCode?: unknown;
  response?: unknown;
  command?: unknown;
  message?: unknown;
}

/**
 * @param onItsWay the message was being sent, or had been, when the error came. An answer of the server says what became of
 * it; without one nobody knows (RFC 5321 §4.5.4.2: the client has to send it again).
 */
export function classifyMailError(error: unknown, onItsWay: boolean): MailError {
  if (error instanceof MailError) return error;
  const failure: Failure = typeof error === 'object' && error !== null ? error : {};
  const text = typeof failure.message === 'string' ? failure.message : String(error);
  return new MailError(classOf(failure, onItsWay), text.slice(0, 500), { cause: error });
}

function classOf({ code, responseCode, command }: Failure, onItsWay: boolean): MailErrorClass {
  const status = typeof responseCode === 'number' ? responseCode : 0;
  // 421 may come at any time: the server is going away (RFC 5321 §3.8).
  if (status === 421) return 'busy';
  if (code === 'EAUTH') return status >= 400 && status < 500 ? 'busy' : 'bad_credentials';
  // 530, 534, 535, 538: log in first, or otherwise (RFC 4954 §6).
  if (status === 530 || status === 534 || status === 535 || status === 538) return 'bad_credentials';
  if (status >= 400 && status < 500) return 'busy';
  // What is wrong with a greeting is wrong with the server, not with a mail.
  const aboutMail = typeof command === 'string' && /^(MAIL FROM|RCPT TO|DATA)/.test(command);
  if (status >= 500) return aboutMail ? 'refused' : 'unreachable';
  // Found out by the client before anything was sent: an address that cannot be one, a message that is too large.
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return 'refused';
  return onItsWay ? 'unknown_outcome' : 'unreachable';
}
