import type { ToolId } from '../../editor/session.ts';
import type { App } from '../app.ts';
import { steppedSize } from '../shortcuts.ts';
import { makeRoomAroundFrame } from './frameView.ts';

export function chooseTool(app: App, tool: ToolId): void {
  app.session.setTool(tool);
  app.ui.announce(`tool.${tool}`);
  if (tool !== 'frame') return;
  app.session.setLayer(null);
  makeRoomAroundFrame(app);
}

export function swapTool(app: App): void {
  chooseTool(app, app.session.store.getState().tool === 'erase' ? 'restore' : 'erase');
}

export function stepSize({ session }: App, direction: -1 | 1): void {
  const { tool, brush, scribbleSize } = session.store.getState();
  if (tool === 'smart') session.setScribbleSize(steppedSize(scribbleSize, direction));
  else session.setBrush({ size: steppedSize(brush.size, direction) });
}

/** By a tenth. */
export function stepHardness({ session }: App, direction: -1 | 1): void {
  const tenths = Math.round(session.store.getState().brush.hardness * 10) + direction;
  session.setBrush({ hardness: tenths / 10 });
}
