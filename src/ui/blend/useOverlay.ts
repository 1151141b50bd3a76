import { useEffect, useMemo, useState } from 'react';
import type { ModelCapabilities } from '../../../server/contract.ts';
import type { Overlay, OverlayPiece } from '../../canvas/overlay.ts';
import type { Codec } from '../../codec/bridge.ts';
import type { Document } from '../../editor/document.ts';
import type { Layer, ResultOrigin } from '../../editor/layer.ts';
import { joinMasks } from '../../raster/combine.ts';
import { emptyMask } from '../../raster/mask.ts';
import { coveredShare } from '../../raster/measure.ts';
import { failureOf } from '../actions/failure.ts';
import { useApp, useUi } from '../app.ts';
import { opaqueShare } from './opaqueShare.ts';
import { useBlendTarget } from './useBlendTarget.ts';

/** As masks are mostly grown for a service, sent px: for a model that this server does not offer any more. */
const SENT_GROW = 4;

/** What the blend panel's choice lays over the picture; null while it is looked at as ever. */
export function useOverlay(): Overlay | null {
  const { codec, editor, ui } = useApp();
  const look = useUi((state) => state.look);
  const comparing = useUi((state) => state.comparing);
  const service = useUi((state) => state.service);
  const blended = useBlendTarget();
  const layers = blended?.layers;
  const [made, setMade] = useState<Overlay | null>(null);
  const origins = layers?.flatMap(({ origin }) => (origin.kind === 'result' ? origin : [])) ?? [];
  const key = origins.map(({ raw }) => raw.id).join();

  const weights = useMemo(() => (look === 'blend' && layers ? weightsOf(layers) : null), [look, layers]);

  // What was sent and what came back don't change with the sliders.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the origins
  useEffect(() => {
    const document = editor.document();
    if (!document || !key || (look !== 'sent' && look !== 'changes')) return;
    const controller = new AbortController();
    const { signal } = controller;
    const models = service.state === 'ready' ? service.capabilities.models : [];
    const make = look === 'sent' ? sentOverlay(signal, codec, origins, document, models) : heat(signal);
    async function heat(signal: AbortSignal): Promise<Overlay> {
      const { overlay, share } = await heatOverlay(signal, codec, origins);
      if (!signal.aborted) ui.setChangedShare(share);
      return overlay;
    }
    make.then(
      (overlay) => {
        if (!signal.aborted) setMade(overlay);
        else closeAll(overlay);
      },
      (error) => {
        if (!signal.aborted) ui.fail(failureOf(error));
      },
    );
    return () => {
      controller.abort();
      setMade((overlay) => {
        closeAll(overlay);
        return null;
      });
    };
  }, [codec, editor, ui, look, key, service]);

  return comparing ? null : (weights ?? made);
}

const weightsOf = (layers: readonly Layer[]): Overlay => ({
  kind: 'mask',
  mask: layers.map(({ weights }) => weights).reduce(joinMasks, emptyMask),
});

async function sentOverlay(
  signal: AbortSignal,
  codec: Codec,
  origins: readonly ResultOrigin[],
  { frame }: Document,
  models: readonly ModelCapabilities[],
): Promise<Overlay> {
  const growOf = ({ made }: ResultOrigin) =>
    models.find(({ id }) => id === made.model)?.maskGrow ?? SENT_GROW;
  const masks = await Promise.all(
    origins.map((origin) => {
      const { asked, plan } = origin;
      return codec.growForService(signal, asked, plan, frame, growOf(origin));
    }),
  );
  return { kind: 'mask', mask: masks.reduce(joinMasks, emptyMask) };
}

/** `share`: of what was sent beside what was asked to change. */
async function heatOverlay(signal: AbortSignal, codec: Codec, origins: readonly ResultOrigin[]) {
  let changed = 0;
  let beside = 0;
  const pieces: OverlayPiece[] = [];
  for (const { raw, sent, asked, plan } of origins) {
    const bitmap = await codec.heatMap(signal, raw, sent, asked, plan);
    const { rect } = plan;
    const size = rect.width * rect.height;
    changed += opaqueShare(bitmap) * size;
    beside += (1 - coveredShare(asked, rect)) * size;
    pieces.push({ bitmap, rect });
  }
  const overlay: Overlay = { kind: 'bitmaps', pieces };
  return { overlay, share: beside > 0 ? Math.min(1, changed / beside) : 0 };
}

function closeAll(overlay: Overlay | null) {
  if (overlay?.kind === 'bitmaps') for (const { bitmap } of overlay.pieces) bitmap.close();
}
