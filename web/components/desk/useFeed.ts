import { useEffect, useRef, useSyncExternalStore } from 'react';
import { type FeedListener, OperationFeed, type FeedState } from './feed';

let shared: OperationFeed | undefined;

function operationFeed(): OperationFeed {
  shared ??= new OperationFeed();
  return shared;
}

/** Hears every change of an operation that the person may see, while the component is there. */
export function useFeed(listener: FeedListener): void {
  const current = useRef(listener);
  useEffect(() => {
    current.current = listener;
  });
  useEffect(
    () =>
      operationFeed().subscribe({
        onChange: (change) => current.current.onChange(change),
        onReset: () => current.current.onReset(),
      }),
    [],
  );
}

/** Whether what is shown is live. */
export function useFeedState(): FeedState {
  return useSyncExternalStore(
    (watcher) => operationFeed().watch(watcher),
    () => operationFeed().snapshot(),
    () => 'connecting',
  );
}
