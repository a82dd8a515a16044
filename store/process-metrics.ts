import { collectDefaultMetrics, Counter, Registry } from 'prom-client';

/** A registry with what the system says of the process (OPS-03): CPU, memory, event loop, and what it read from and wrote to disks. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const disk = (name: string, help: string, of: 'fsRead' | 'fsWrite') =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(process.resourceUsage()[of]);
      },
    });
  disk('nervio_process_disk_reads_total', 'Times that the process had a disk read', 'fsRead');
  disk('nervio_process_disk_writes_total', 'Times that the process had a disk written', 'fsWrite');
  return registry;
}
