import { type ComponentType, useEffect, useState } from 'react';
import { useApp, useEditor, useUi } from './app.ts';
import type { SidePanel } from './state/ui.ts';

type Kind = SidePanel['kind'];

/** Fetched when they are first opened. */
const load: Readonly<Record<Kind, () => Promise<{ readonly default: ComponentType }>>> = {
  blend: () => import('./blend/BlendPanel.tsx'),
  layers: () => import('./layers/LayersPanel.tsx'),
  'import-mask': () => import('./maskImport/ImportPanel.tsx'),
};

/** The panel at the side. One that can't be fetched stays closed, and the rest goes on working. */
export function SideSlot() {
  const { ui } = useApp();
  const kind = useUi((state) => state.panel?.kind ?? null);
  const nothing = useEditor((state) => state.document === null);
  const [panels, setPanels] = useState<Partial<Record<Kind, ComponentType>>>({});
  useEffect(() => {
    if (!kind) return;
    load[kind]().then(
      (module) => setPanels((known) => ({ ...known, [kind]: module.default })),
      () => {
        ui.setPanel(null);
        ui.fail({ code: 'server_unreachable', detail: '' });
      },
    );
  }, [kind, ui]);
  const Panel = kind && panels[kind];
  return Panel && !nothing ? <Panel /> : null;
}
