/** A family of the Prometheus text format 0.0.4: its comments once, then all of its samples together. */
interface Family {
  help: string | null;
  type: string | null;
  samples: string[];
}

const sampleName = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) /;

const escaped = (value: string) => value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n');

function labelled(line: string, name: string, process: string): string {
  const label = `process="${escaped(process)}"`;
  const rest = line.slice(name.length);
  if (!rest.startsWith('{')) return `${name}{${label}}${rest}`;
  return rest.startsWith('{}') ? `${name}{${label}}${rest.slice(2)}` : `${name}{${label},${rest.slice(1)}`;
}

/**
 * The metrics of several processes as one text: every sample gets the label `process`, and a family that several have is
 * described once and kept in one piece, as the format asks for (prometheus.io/docs/instrumenting/exposition_formats).
 */
export function mergeExpositions(sources: readonly { process: string; text: string }[]): string {
  const families = new Map<string, Family>();
  const familyOf = (name: string): Family => {
    const known = families.get(name) ?? { help: null, type: null, samples: [] };
    families.set(name, known);
    return known;
  };

  for (const { process, text } of sources) {
    // Samples of a histogram (_bucket, _sum, _count) stand under the TYPE line of their family.
    let current: string | null = null;
    for (const line of text.split('\n')) {
      const described = comment.exec(line);
      if (described) {
        const [, kind, name] = described as unknown as [string, 'HELP' | 'TYPE', string];
        const family = familyOf(name);
        if (kind === 'HELP') family.help ??= line;
        else family.type ??= line;
        current = name;
        continue;
      }
      const name = sampleName.exec(line)?.[0];
      if (name === undefined) continue;
      const owner = current !== null && name.startsWith(current) ? current : name;
      familyOf(owner).samples.push(labelled(line, name, process));
    }
  }

  const lines = [...families.values()].flatMap(({ help, type, samples }) => [
    ...(help === null ? [] : [help]),
    ...(type === null ? [] : [type]),
    ...samples,
  ]);
  return `${lines.join('\n')}\n`;
}
