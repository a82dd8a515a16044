/**
 * How a call decides its time-out and its road:
 * `read` has no effect and may be repeated; `write` may change something and is sent exactly once; `probe` is a short read.
 */
export type OdooCallKind = 'read' | 'write' | 'probe';

/** What `common.version()` says; `info[0]` is the major version, or text such as `saas~17` on Odoo Online. */
export interface OdooServerVersion {
  serverVersion: string;
  info: readonly unknown[];
}

/**
 * A way to call methods of Odoo's models. XML-RPC with JSON-RPC for reads is one (`rpc-transport.ts`, 16–18); JSON-2 of 19
 * takes arguments by name and will be another behind this interface.
 */
export interface OdooTransport {
  /**
   * Calls `model.method(*args, **kwargs)` as the connection's user, in English and UTC.
   * @returns the answer as it came: `false` for an empty field, `[id, name]` for a many2one
   * @throws OdooError; or the signal's own reason when it aborted a read, or a write before it was sent
   */
  call(
    kind: OdooCallKind,
    model: string,
    method: string,
    args: readonly unknown[],
    kwargs?: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<unknown>;

  /** Needs neither database nor login. */
  version(signal?: AbortSignal): Promise<OdooServerVersion>;

  /** The connection's user id in Odoo, remembered. */
  userId(signal?: AbortSignal): Promise<number>;

  /** Closes idle connections. */
  close(): void;
}
