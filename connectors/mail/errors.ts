/**
 * - unreachable: no connection, or it broke before the message was on its way; nothing was sent
 * - unknown_outcome: it broke while the message was on its way or its answer was: it may have been taken
 * - busy: 4xx, come again later; nothing was taken
 * - bad_credentials: the server does not let us in
 * - refused: 5xx about this mail: the address does not exist, the message is not wanted; it never will be
 */
export type MailErrorClass = 'unreachable' | 'unknown_outcome' | 'busy' | 'bad_credentials' | 'refused';

export class MailError extends Error {
  override readonly name = 'MailError';

  constructor(
    readonly errorClass: MailErrorClass,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
