import { useJobs, useTranslate } from '../app.ts';
import { useObjectUrl } from '../controls/useObjectUrl.ts';

/** How far a picture of its own has come; an edit is seen in its place. */
export function UnfinishedPicture() {
  const t = useTranslate();
  const glimpse = useJobs((state) => state.running.at(-1)?.glimpse ?? null);
  const url = useObjectUrl(glimpse && !glimpse.over ? glimpse.picture : null);
  if (!url || !glimpse || glimpse.over) return null;
  return (
    <figure className="unfinished panel" data-testid="unfinished">
      <img src={url} alt="" draggable={false} />
      <figcaption>{t('job.glimpse.caption')}</figcaption>
    </figure>
  );
}
