import type { Layer } from 'konva/lib/Layer.js';

/**
 * On a screen of wide gamut, lets a layer's canvas hold Display P3; elsewhere nothing changes. Konva makes the context
 * of a layer without asking for a colour space, which can't be changed afterwards, so the canvas gets a successor in
 * the same place. A browser that knows no such canvas gives one in sRGB.
 */
export function widenLayer(layer: Layer): void {
  const canvas = layer.getCanvas();
  const context = canvas.getContext();
  const before = context._context;
  if (before.getContextAttributes?.().colorSpace === 'display-p3' || !showsWideCanvases()) return;
  const successor = canvas._canvas.cloneNode() as HTMLCanvasElement;
  const native = successor.getContext('2d', { colorSpace: 'display-p3' });
  if (!native) return;
  native.setTransform(before.getTransform());
  canvas._canvas.replaceWith(successor);
  canvas._canvas = successor;
  context._context = native;
}

/**
 * Chromium without a GPU puts a page together in sRGB and takes a canvas in Display P3 for one in sRGB (156): all
 * colours would be dull. What draws its WebGL tells whether there is one.
 */
function showsWideCanvases(): boolean {
  if (!matchMedia('(color-gamut: p3)').matches) return false;
  const gl = document.createElement('canvas').getContext('webgl');
  const names = gl?.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl && names ? String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return gl !== null && !/SwiftShader|llvmpipe|software|Basic Render/i.test(renderer);
}
