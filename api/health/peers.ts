/** A process whose metrics the API shows beside its own. */
export interface Peer {
  process: string;
  url: string;
}

/** NERVIO_METRICS_PEERS: `worker=http://…/metrics`, or the address alone, which then names the process by host and port. */
export function peersOf(items: readonly string[]): Peer[] {
  return items.map((item) => {
    const [, process, url] = /^([a-z][\w-]*)=(.+)$/i.exec(item) ?? [];
    return process !== undefined && url !== undefined ? { process, url } : { process: new URL(item).host, url: item };
  });
}

/** The texts of the peers that answered, and whose did not: one that hangs must not take the others' numbers away. */
export async function readPeers(
  peers: readonly Peer[],
  timeoutMs = 1_000,
): Promise<{ texts: { process: string; text: string }[]; silent: string[] }> {
  const answers = await Promise.all(
    peers.map(async ({ process, url }) => {
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
        return { process, text: answer.ok ? await answer.text() : null };
      } catch {
        // That it is silent is told as a metric.
        return { process, text: null };
      }
    }),
  );
  return {
    texts: answers.flatMap(({ process, text }) => (text === null ? [] : [{ process, text }])),
    silent: answers.flatMap(({ process, text }) => (text === null ? [process] : [])),
  };
}
