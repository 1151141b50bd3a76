import '../../src/ui/tokens.css';
import '../../src/ui/base.css';
import { createRoot } from 'react-dom/client';
import { CanvasView } from '../../src/canvas/CanvasView.tsx';
import { createStageControl } from '../../src/canvas/stageControl.ts';
import { newDocument } from '../../src/editor/document.ts';
import { createEditor } from '../../src/editor/editor.ts';
import { createLiveDraft } from '../../src/editor/liveDraft.ts';
import { createSession, type PlanShown } from '../../src/editor/session.ts';
import { defaultView } from '../../src/editor/viewOptions.ts';
import { type PixelRect, pixelRect } from '../../src/geometry/rect.ts';
import { imagePoint } from '../../src/geometry/spaces.ts';
import { createToolbox } from '../../src/tools/toolbox.ts';

// The canvas alone, over a picture of two halves, one black and one white, with a plan and a layer given from outside.
const editor = createEditor();
const session = createSession();
const draft = createLiveDraft(editor, session);
let layer = pixelRect(200, 150, 240, 160);
const toolbox = createToolbox({
  editor,
  draft,
  session,
  place: {
    rectOf: (id) => (id === 'layer' ? layer : null),
    set: (_, rect) => {
      layer = rect;
    },
  },
});
const picture = { id: 'p', width: 1200, height: 800 };
const document_ = newDocument({ id: 'd', name: 'test', picture });
editor.open(document_);
const insets = () => ({ left: 40, top: 40, right: 40, bottom: 40 });
const stage = createStageControl({ session, frame: () => editor.document()?.frame ?? null, insets });

async function halves(): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#000';
  context.fillRect(0, 0, picture.width / 2, picture.height);
  context.fillStyle = '#fff';
  context.fillRect(picture.width / 2, 0, picture.width / 2, picture.height);
  return createImageBitmap(canvas);
}

const root = document.body.appendChild(document.createElement('main'));
const shown = { stack: document_, withMask: true };
const proxies = [await halves()];
createRoot(root).render(
  <CanvasView
    editor={editor}
    session={session}
    draft={draft}
    toolbox={toolbox}
    source={{ renderView: (signal) => new Promise((_, fail) => signal.addEventListener('abort', fail)) }}
    shown={shown}
    overlay={null}
    view={defaultView}
    peeking={false}
    takeProxy={() => proxies.pop() ?? null}
    onReady={stage.fit}
    loading={false}
    theme="light"
    label="Canvas"
    words={{ largest: 'Largest size', adjust: 'Adjust', reset: 'Automatic' }}
    insets={insets}
    description={null}
    news={{ onTap: () => {}, onFingerPans: () => {}, onKeyboard: () => {} }}
  />,
);

const rectPage = {
  setPlan: (plan: PlanShown | null) => session.setPlan(plan),
  place: () => session.setPlacing('layer'),
  leave: () => session.leaveTool(),
  layer: (): PixelRect => layer,
  state: () => session.store.getState(),
  client: (x: number, y: number) => ({ ...stage.imageToClient(imagePoint(x, y)) }),
};
Object.assign(window, { rectPage });

export type RectPage = typeof rectPage;
