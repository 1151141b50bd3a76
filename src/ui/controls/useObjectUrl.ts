import { useEffect, useState } from 'react';

/** Milliseconds. */
const STILL_LOADING_MS = 1000;

/** An address for a picture in memory, given back when another one takes its place. */
export function useObjectUrl(blob: Blob | null): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    // An address that was given back must not be shown again when the next picture comes.
    if (!blob) return setUrl(undefined);
    const next = URL.createObjectURL(blob);
    setUrl(next);
    // An element that shows it may only be about to load it.
    return () => void setTimeout(() => URL.revokeObjectURL(next), STILL_LOADING_MS);
  }, [blob]);
  return url;
}
