import { LoaderCircle, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { say } from '../messages/say.ts';

/** What is over sooner than this, in ms, is not announced: it would only flicker. */
const PATIENCE = 600;

export function Busy() {
  const busy = useUi((state) => state.busy);
  const t = useTranslate();
  const [late, setLate] = useState(false);
  const working = busy !== null;
  useEffect(() => {
    if (!working) return;
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [working]);
  if (!busy || !late) return null;
  return (
    <div className="busy panel">
      <LoaderCircle className="spinner" aria-hidden />
      <span>{say(t, busy)}</span>
      {busy.cancel && <Button icon={X} label={t('open.cancel')} onClick={busy.cancel} />}
    </div>
  );
}
