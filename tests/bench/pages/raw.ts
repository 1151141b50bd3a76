// What a good engineer writes in an hour: the picture, and over it one canvas of the picture's size that is erased.
import type { Point } from './referencePage.ts';
import { referencePage } from './referencePage.ts';

referencePage((picture, stage, { width, height, scale, left, top }) => {
  const veil = Object.assign(document.createElement('canvas'), { width, height });
  for (const layer of [picture, veil]) {
    layer.style.cssText = `position:absolute;left:${left}px;top:${top}px;width:${width * scale}px;height:${height * scale}px`;
    layer.draggable = false;
  }
  veil.style.opacity = '0.5';
  stage.replaceChildren(picture, veil);

  const context = veil.getContext('2d')!;
  const strokes: { readonly diameter: number; readonly points: Point[] }[] = [];

  function cover() {
    context.globalCompositeOperation = 'source-over';
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = 'destination-out';
    context.lineCap = 'round';
    context.lineJoin = 'round';
  }

  function line(points: readonly Point[], diameter: number) {
    context.lineWidth = diameter;
    context.beginPath();
    for (const { x, y } of points) context.lineTo(x, y);
    context.stroke();
  }
  /** Under destination-out a line over a line does no harm inside, so a stroke grows by its last piece. */
  const dot = (point: Point, diameter: number) => line([point, point], diameter);
  cover();

  return {
    begin(point, diameter) {
      strokes.push({ diameter, points: [point] });
      dot(point, diameter);
    },
    extend(points) {
      const stroke = strokes.at(-1)!;
      line([stroke.points.at(-1)!, ...points], stroke.diameter);
      stroke.points.push(...points);
    },
    // The simplest means that needs no copies of the canvas: paint what is left once more.
    undo() {
      strokes.pop();
      cover();
      for (const { points, diameter } of strokes) {
        dot(points[0]!, diameter);
        line(points, diameter);
      }
    },
    exportMask: () => new Promise((resolve) => veil.toBlob((blob) => resolve(blob!))),
  };
});
