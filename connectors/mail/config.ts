/** Where a mail server is and who we are there. */
export interface MailConnection {
  /** `smtp://host:port` (STARTTLS when the server offers it) or `smtps://host:port`. */
  url: string;
  /** Empty: no log-in. */
  login: string;
  secret: string;
  /** The sender's address. */
  from: string;
}

export interface MailTimeouts {
  connectMs: number;
  /** Between two answers of the server. RFC 5321 §4.5.3.2 allows minutes; a receipt can be sent again. */
  answerMs: number;
}

export const defaultMailTimeouts: MailTimeouts = { connectMs: 5_000, answerMs: 30_000 };
