import { useTranslate, useUi } from '../app.ts';
import { say } from '../messages/say.ts';

/** Speaks what happened to those who do not see it. */
export function LiveRegion() {
  const t = useTranslate();
  const announcement = useUi((state) => state.announcement);
  return (
    <div className="unseen" aria-live="polite" role="status">
      {announcement && <span key={announcement.id}>{say(t, announcement)}</span>}
    </div>
  );
}
