import { useEffect } from 'react';
import { isPassing } from '../editor/session.ts';
import { downloadPicture } from './actions/exportPicture.ts';
import { redo, undo } from './actions/history.ts';
import { clearMask, invert } from './actions/mask.ts';
import { pasteMask } from './actions/maskClipboard.ts';
import { chooseFile } from './actions/openFiles.ts';
import { fillAll } from './actions/operations.ts';
import { chooseTool, stepHardness, stepSize, swapTool } from './actions/tools.ts';
import { nextLook } from './actions/view.ts';
import type { App } from './app.ts';
import { type Command, commandOf, repeats, unfinishedStepOf } from './shortcuts.ts';
import { ZOOM_STEP } from './topbar/ZoomMenu.tsx';

const commands: Readonly<Record<Command, (app: App) => void>> = {
  'tool-erase': (app) => chooseTool(app, 'erase'),
  'tool-restore': (app) => chooseTool(app, 'restore'),
  'tool-hand': (app) => chooseTool(app, 'hand'),
  'tool-rectangle': (app) => chooseTool(app, 'rectangle'),
  'tool-ellipse': (app) => chooseTool(app, 'ellipse'),
  'tool-lasso': (app) => chooseTool(app, 'lasso'),
  'tool-polygon': (app) => chooseTool(app, 'polygon'),
  'tool-frame': (app) => chooseTool(app, 'frame'),
  'tool-wand': (app) => chooseTool(app, 'wand'),
  'tool-smart': (app) => chooseTool(app, 'smart'),
  'leave-tool': ({ session }) => session.leaveTool(),
  swap: swapTool,
  smaller: (app) => stepSize(app, -1),
  larger: (app) => stepSize(app, 1),
  softer: (app) => stepHardness(app, -1),
  harder: (app) => stepHardness(app, 1),
  undo,
  redo,
  invert,
  fill: fillAll,
  clear: clearMask,
  open: chooseFile,
  save: (app) => void downloadPicture(app),
  export: (app) => void downloadPicture(app),
  'paste-mask': (app) => void pasteMask(app),
  fit: ({ stage }) => stage.fit(),
  'actual-size': ({ stage }) => stage.actualSize(),
  'zoom-in': ({ stage }) => stage.zoomBy(ZOOM_STEP),
  'zoom-out': ({ stage }) => stage.zoomBy(1 / ZOOM_STEP),
  compare: ({ ui, jobs }) => ui.setComparing(jobs.store.getState().selected !== null),
  'next-look': nextLook,
  peek: ({ ui }) => ui.setPeeking(true),
  help: ({ ui }) => ui.setDialog({ kind: 'help' }),
};

/** Sliders take no letters, so keys go on working after a slider was moved. */
const typing = 'textarea, select, [contenteditable], input:not([type="range"])';
/** Keys in an open menu, popover or dialog are its own. */
const ownKeys = '[role="menu"], [role="dialog"], [role="alertdialog"]';

const isElsewhere = (target: EventTarget | null) =>
  target instanceof Element && target.closest(`${typing}, ${ownKeys}`) !== null;

/** Enter presses what has the focus. */
const pressable = 'button, a, summary, [role="radio"]';

const isPressable = (target: EventTarget | null) =>
  target instanceof Element && target.closest(pressable) !== null;

/** Keys of the whole page, while nobody types or composes. */
export function useShortcuts(app: App): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
      if (isElsewhere(event.target) || app.ui.store.getState().dialog) return;
      const { unfinished } = app.session.store.getState();
      const step = unfinished && unfinishedStepOf(event);
      if (step && !(step === 'finish' && isPressable(event.target))) {
        event.preventDefault();
        unfinished[step]();
        return;
      }
      const command = commandOf(event);
      // Elsewhere Escape is the browser's and the panels'.
      const unused = command === 'leave-tool' && !isPassing(app.session.store.getState().tool);
      if (!command || unused) return;
      event.preventDefault();
      if (!event.repeat || repeats(command)) commands[command](app);
    }
    function onKeyUp(event: KeyboardEvent) {
      if (event.code === 'Backslash' || event.code === 'IntlBackslash') app.ui.setComparing(false);
      if (event.code === 'KeyQ') app.ui.setPeeking(false);
    }
    function release() {
      app.ui.setComparing(false);
      app.ui.setPeeking(false);
    }
    addEventListener('keydown', onKeyDown);
    addEventListener('keyup', onKeyUp);
    addEventListener('blur', release);
    return () => {
      removeEventListener('keydown', onKeyDown);
      removeEventListener('keyup', onKeyUp);
      removeEventListener('blur', release);
    };
  }, [app]);
}
