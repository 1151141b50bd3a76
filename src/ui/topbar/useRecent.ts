import { useEffect, useState } from 'react';
import type { RecentEntry } from '../../persistence/read.ts';
import { useApp } from '../app.ts';

export type RecentPicture = RecentEntry & { readonly thumbnailUrl: string };

/** Stored documents, newest first, with addresses for their thumbnails. */
export function useRecent(): readonly RecentPicture[] {
  const { library } = useApp();
  const [entries, setEntries] = useState<readonly RecentPicture[]>([]);
  useEffect(() => {
    let urls: readonly string[] = [];
    let ended = false;
    const release = () => {
      for (const url of urls) URL.revokeObjectURL(url);
    };
    async function load() {
      const recent = await library.recent();
      if (ended) return;
      const shown = recent.map((entry) => ({ ...entry, thumbnailUrl: URL.createObjectURL(entry.thumbnail) }));
      release();
      urls = shown.map(({ thumbnailUrl }) => thumbnailUrl);
      setEntries(shown);
    }
    const refresh = () => void load().catch(() => setEntries([]));
    refresh();
    const unsubscribe = library.subscribe(refresh);
    return () => {
      ended = true;
      unsubscribe();
      release();
    };
  }, [library]);
  return entries;
}
