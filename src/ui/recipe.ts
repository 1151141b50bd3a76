import type { LayerOrigin } from '../editor/layer.ts';
import type { LayeredPicture } from './shown.ts';

/** What an exported PNG tells of its making: JSON, English keys, times as ISO 8601. */
export function recipeOf(stack: LayeredPicture, name: string, changedOutside: number): string {
  const { frame, picture } = stack;
  const layers = stack.layers.filter(({ visible }) => visible);
  return JSON.stringify({
    app: 'Lacuna',
    version: 1,
    name,
    frame,
    source: { width: picture.width, height: picture.height },
    // Pixels of the source that differ although no layer lies over them, counted over the whole picture.
    changedOutside,
    layers: layers.map(({ rect, origin }) => ({ rect, ...making(origin) })),
  });
}

function making(origin: LayerOrigin): object {
  if (origin.kind === 'merged') return { kind: 'merged' };
  const { mode, prompt, model, quality, at } = origin.made;
  const made = { mode, prompt, model, ...(quality && { quality }), at: new Date(at).toISOString() };
  if (origin.kind === 'placed') return { kind: 'placed', ...made };
  const { plan, comparison, settings } = origin;
  const { spill: _, ...found } = comparison;
  return { kind: 'result', ...made, sent: { rect: plan.rect, ...plan.sent }, found, blend: settings };
}
