// Training as a hook: what there is to show, and how to start and stop it.
import type {EpochReport, Regularizer} from '@regularizers/core';
import {useCallback, useEffect, useRef, useState} from 'react';
import {train} from './train';

export interface Training {
  readonly reports: readonly EpochReport[];
  readonly isRunning: boolean;
  readonly error: string | undefined;
  start(regularizers: readonly Regularizer[]): void;
  stop(): void;
}

export function useTraining(): Training {
  const [reports, setReports] = useState<readonly EpochReport[]>([]);
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<string>();
  const running = useRef<AbortController>(undefined);
  const stop = useCallback(() => running.current?.abort(), []);
  // A component that is gone trains nothing.
  useEffect(() => stop, [stop]);
  const start = useCallback((regularizers: readonly Regularizer[]) => {
    running.current = new AbortController();
    setReports([]);
    setError(undefined);
    setRunning(true);
    const onEpoch = (report: EpochReport): void => setReports((before) => [...before, report]);
    train({regularizers, signal: running.current.signal, onEpoch})
      .catch((cause: unknown) => setError(String(cause)))
      .finally(() => setRunning(false));
  }, []);
  return {reports, isRunning, error, start, stop};
}
