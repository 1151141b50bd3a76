import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { OVERLAP } from '../../jobs/editPlan.ts';
import { useApp, useLanguage, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { keyText } from '../controls/keys.ts';
import type { MessageKey } from '../messages/en.ts';
import { enHelp, type HelpKey } from '../messages/enHelp.ts';
import { koHelp } from '../messages/koHelp.ts';
import { createTranslate } from '../messages/translate.ts';
import { returnFocus } from './Question.tsx';
import './dialogs.css';

const translators = { en: createTranslate('en', enHelp), ko: createTranslate('ko', koHelp) };

type Label = HelpKey | MessageKey;
const isOwn = (key: string): key is HelpKey => key in enHelp;

interface KeyGroup {
  readonly title: HelpKey;
  /** Keys as `keyText` reads them, or a message that names them. */
  readonly rows: readonly (readonly [label: Label, ...keys: string[]])[];
}

const groups: readonly KeyGroup[] = [
  {
    title: 'keys.tools',
    rows: [
      ['keys.erase', 'B'],
      ['keys.restore', 'E'],
      ['keys.swap', 'X'],
      ['tool.rectangle', 'R'],
      ['tool.ellipse', 'Shift+R'],
      ['tool.lasso', 'L'],
      ['tool.polygon', 'Shift+L'],
      ['keys.wand', 'W'],
      ['keys.smart', 'Shift+W'],
      ['keys.takeAway', 'Alt'],
      ['keys.shapes', 'Shift', 'Alt'],
      ['keys.close', 'Enter', 'Backspace'],
      ['keys.frame', 'F'],
      ['keys.edges', 'Shift', 'Alt'],
      ['keys.nudge', '←', '→'],
      ['keys.resize', 'Mod+←', 'Mod+→'],
      ['keys.hand', 'H', 'keys.space'],
      ['keys.size', '[', ']'],
      ['keys.hardness', '{', '}'],
      ['keys.line', 'keys.shiftClick'],
      ['keys.straight', 'keys.shiftDrag'],
    ],
  },
  {
    title: 'keys.withoutPointer',
    rows: [
      ['keys.reach', 'Tab'],
      ['keys.moveBrush', '←', '→', '↑', '↓'],
      ['keys.stamp', 'keys.space'],
      ['keys.stroke', 'Enter'],
      ['keys.dropStroke', 'Esc'],
    ],
  },
  {
    title: 'keys.touch',
    rows: [
      ['keys.oneFinger', 'keys.oneFinger.how'],
      ['keys.twoFingers', 'keys.twoFingers.how'],
      ['keys.tapUndo', 'keys.tapUndo.how', 'keys.tapRedo.how'],
      ['keys.eraserEnd', 'keys.eraserEnd.how'],
    ],
  },
  {
    title: 'keys.picture',
    rows: [
      ['keys.open', 'Mod+O'],
      ['keys.save', 'Mod+S'],
      ['keys.export', 'Mod+Shift+E'],
      ['keys.undo', 'Mod+Z'],
      ['keys.redo', 'Mod+Shift+Z'],
      ['keys.invert', 'Mod+I'],
      ['operation.fill', 'Mod+A'],
      ['keys.clear', 'Delete', 'Mod+D'],
      ['keys.pasteMask', 'Mod+Shift+V'],
    ],
  },
  {
    title: 'keys.view',
    rows: [
      ['keys.fit', '0'],
      ['keys.actual', '1'],
      ['keys.zoom', '+', '−'],
      ['keys.look', 'V'],
      ['keys.peek', 'Q'],
      ['keys.help', '?'],
    ],
  },
  {
    title: 'keys.results',
    rows: [
      ['keys.run', 'Mod+Enter'],
      ['keys.compare', '\\'],
      ['keys.step', '←', '→'],
      ['keys.accept', 'Enter'],
      ['keys.discard', 'Delete'],
    ],
  },
];

export default function HelpDialog() {
  const { ui } = useApp();
  const page = useTranslate();
  const t = translators[useLanguage()];
  const service = useUi((state) => state.service);
  const embedded =
    service.state === 'ready' && service.capabilities.services.find(({ kind }) => kind === 'embedded');
  const labelOf = (label: Label) => (isOwn(label) ? t(label) : page(label));
  const words = (key: string) => (isOwn(key) ? t(key) : keyText(key));
  return (
    <Dialog.Root open onOpenChange={() => ui.setDialog(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="dialog help" aria-describedby={undefined} onCloseAutoFocus={returnFocus}>
          <div className="dialog-head">
            <Dialog.Title>{t('help.title')}</Dialog.Title>
            <Dialog.Close asChild>
              <Button icon={X} label={page('help.close')} tooltip={false} />
            </Dialog.Close>
          </div>
          <h3>{t('help.how')}</h3>
          <ol>
            <li>{t('help.step.erase')}</li>
            <li>{t('help.step.describe')}</li>
            <li>{t('help.step.choose')}</li>
          </ol>
          <p>{t('help.modify')}</p>
          <p>{t('help.lock', { px: OVERLAP })}</p>
          {embedded && <p>{t('help.embedded')}</p>}
          {embedded && embedded.editModel !== undefined && (
            <p>{t('help.editModel', { name: embedded.editModel })}</p>
          )}
          <div className="key-groups">
            {groups.map(({ title, rows }) => (
              <section key={title}>
                <h3>{t(title)}</h3>
                <dl>
                  {rows.map(([label, ...keys]) => (
                    <div key={label}>
                      <dt>{labelOf(label)}</dt>
                      <dd>
                        {keys.map((key) => (
                          <kbd key={key}>{words(key)}</kbd>
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
