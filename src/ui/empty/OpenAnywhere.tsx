import { useEffect, useState } from 'react';
import { baseName } from '../actions/fileNames.ts';
import { importMaskFile, maskInputId } from '../actions/maskFiles.ts';
import { openFiles, openInputId } from '../actions/openFiles.ts';
import { useApp, useEditor, useTranslate } from '../app.ts';
import { DropTargets, type DropUse, dropUseAt } from './DropTargets.tsx';

const hasFiles = (data: DataTransfer | null) => data?.types.includes('Files') ?? false;

/** Opens what is dropped anywhere or pasted, or takes it as a mask; holds the file inputs. */
export function OpenAnywhere() {
  const app = useApp();
  const t = useTranslate();
  const hasDocument = useEditor((state) => state.document !== null);
  const [dragging, setDragging] = useState(false);
  const [over, setOver] = useState<DropUse>('open');

  useEffect(() => {
    // Entering a child fires before leaving its parent, so a depth tells when the window is left.
    let depth = 0;
    function onEnter(event: DragEvent) {
      if (!hasFiles(event.dataTransfer)) return;
      depth++;
      setDragging(true);
    }
    function onLeave(event: DragEvent) {
      if (!hasFiles(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      setDragging(depth > 0);
    }
    function onOver(event: DragEvent) {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = 'copy';
      setOver(dropUseAt(event.target));
    }
    function onDrop(event: DragEvent) {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth = 0;
      setDragging(false);
      const files = [...event.dataTransfer!.files];
      if (dropUseAt(event.target) === 'mask') importFirst(files);
      else void openFiles(app, files);
    }
    function importFirst([file]: readonly File[]) {
      if (file) void importMaskFile(app, file, baseName(file.name));
    }
    function onPaste(event: ClipboardEvent) {
      const data = event.clipboardData;
      // Text copied from a document may bring a picture of itself: in a field the words are meant.
      const words = event.target instanceof HTMLTextAreaElement && data?.types.includes('text/plain');
      const pictures = [...(data?.files ?? [])].filter((file) => file.type.startsWith('image/'));
      if (words || pictures.length === 0) return;
      event.preventDefault();
      void openFiles(app, pictures);
    }
    addEventListener('dragenter', onEnter);
    addEventListener('dragleave', onLeave);
    addEventListener('dragover', onOver);
    addEventListener('drop', onDrop);
    addEventListener('paste', onPaste);
    return () => {
      removeEventListener('dragenter', onEnter);
      removeEventListener('dragleave', onLeave);
      removeEventListener('dragover', onOver);
      removeEventListener('drop', onDrop);
      removeEventListener('paste', onPaste);
    };
  }, [app]);

  return (
    <>
      <input
        id={openInputId}
        className="unseen"
        type="file"
        accept="image/*,.heic,.heif,.avif"
        tabIndex={-1}
        aria-label={t('open')}
        aria-hidden
        data-testid="open-input"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // Choosing the same file again must count as a change.
          event.target.value = '';
          void openFiles(app, files);
        }}
      />
      <input
        id={maskInputId}
        className="unseen"
        type="file"
        accept="image/*,.avif"
        tabIndex={-1}
        aria-label={t('import')}
        aria-hidden
        data-testid="mask-input"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) void importMaskFile(app, file, baseName(file.name));
        }}
      />
      {dragging && <DropTargets withMask={hasDocument} over={over} />}
    </>
  );
}
