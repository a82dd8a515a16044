import { useCallback, useRef, useState } from 'react';
import { type Outcome, type Problem, sendCommand, sendFile } from './api';

export interface CommandCall {
  method: 'POST' | 'PATCH';
  path: string;
  body?: unknown;
  /** Sent instead of a body. */
  file?: File;
}

export interface CommandState {
  /** Path of the command that is under way. */
  busy: string | null;
  /** Why the last one was not carried out. */
  problem: Problem | null;
}

/** What a person reads when no answer came: nobody knows, and pressing again is safe. */
export const unreachable: Problem = { code: 'unreachable' };

/**
 * Sends commands with an Idempotency-Key. One that got no answer keeps its key, so that pressing again can have no second
 * effect; what was answered gets a new key the next time.
 */
export function useCommand(): CommandState & { run<T>(call: CommandCall): Promise<Outcome<T>>; clear(): void } {
  const [state, setState] = useState<CommandState>({ busy: null, problem: null });
  const open = useRef<{ of: string; key: string } | null>(null);

  const run = useCallback(async <T>(call: CommandCall): Promise<Outcome<T>> => {
    const { file } = call;
    const of = JSON.stringify([call, file?.name, file?.size, file?.lastModified]);
    const key = open.current?.of === of ? open.current.key : crypto.randomUUID();
    open.current = { of, key };
    setState({ busy: call.path, problem: null });
    const outcome =
      file === undefined
        ? await sendCommand<T>(call.method, call.path, call.body, key)
        : await sendFile<T>(call.path, file, key);
    const unknown =
      outcome.kind === 'unreachable' || (outcome.kind === 'problem' && outcome.problem.code === 'command_in_progress');
    if (!unknown) open.current = null;
    const problem = outcome.kind === 'ok' ? null : outcome.kind === 'problem' ? outcome.problem : unreachable;
    setState({ busy: null, problem });
    return outcome;
  }, []);

  const clear = useCallback(() => setState({ busy: null, problem: null }), []);
  return { ...state, run, clear };
}
