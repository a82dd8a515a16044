// The parts of the xmlrpc package that @types/xmlrpc leaves out.
declare module 'xmlrpc/lib/serializer' {
  export function serializeMethodCall(method: string, params: readonly unknown[], encoding?: string): string;
  export function serializeMethodResponse(result: unknown): string;
  export function serializeFault(fault: { faultCode: number | string; faultString: string }): string;
}

declare module 'xmlrpc/lib/deserializer' {
  import type { Readable } from 'node:stream';

  class Deserializer {
    constructor(encoding?: BufferEncoding);
    deserializeMethodResponse(
      stream: Readable,
      callback: (error: Error | null | undefined, value?: unknown) => void,
    ): void;
    deserializeMethodCall(
      stream: Readable,
      callback: (error: Error | null | undefined, method?: string, params?: unknown[]) => void,
    ): void;
  }
  export = Deserializer;
}
