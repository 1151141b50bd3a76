import { HardDrive } from 'lucide-react';
import { useStore } from 'zustand';
import { downloadPicture } from '../actions/exportPicture.ts';
import { useApp, useEditor, useTranslate } from '../app.ts';
import { Button } from '../controls/Button.tsx';

/** Stays until what is painted can be stored again, with a way out. */
export function StorageWarning() {
  const app = useApp();
  const t = useTranslate();
  const status = useStore(app.autosave.store, (state) => state.status);
  const hasDocument = useEditor((state) => state.document !== null);
  if ((status !== 'full' && status !== 'refused') || !hasDocument) return null;
  return (
    <section className="storage-warning panel" role="alert">
      <HardDrive aria-hidden />
      <div>
        <h2>{t(`error.${status}`)}</h2>
        <p>{t(`error.${status}.help`)}</p>
      </div>
      <Button look="outline" label={t('storage.download')} onClick={() => void downloadPicture(app)} />
    </section>
  );
}
