// Konva as its own free-drawing demo uses it: one line per stroke, erased from a layer above the picture.
import Konva from 'konva';
import { referencePage } from './referencePage.ts';

referencePage((picture, container, { width, height, scale, left, top }) => {
  const stage = new Konva.Stage({
    container: container as HTMLDivElement,
    width: container.clientWidth,
    height: container.clientHeight,
    scale: { x: scale, y: scale },
    x: left,
    y: top,
  });
  const pictureLayer = new Konva.Layer({ listening: false });
  const maskLayer = new Konva.Layer({ listening: false });
  pictureLayer.add(new Konva.Image({ image: picture, width, height }));
  const veil = new Konva.Rect({ width, height, fill: 'black' });
  maskLayer.add(veil);
  maskLayer.getNativeCanvasElement().style.opacity = '0.5';
  stage.add(pictureLayer, maskLayer);

  const lines: Konva.Line[] = [];
  return {
    begin({ x, y }, diameter) {
      const line = new Konva.Line({
        // Konva draws nothing for a single point.
        points: [x, y, x, y],
        stroke: 'black',
        strokeWidth: diameter,
        lineCap: 'round',
        lineJoin: 'round',
        globalCompositeOperation: 'destination-out',
      });
      lines.push(line);
      maskLayer.add(line);
    },
    extend(points) {
      const line = lines.at(-1)!;
      line.points([...line.points(), ...points.flatMap(({ x, y }) => [x, y])]);
    },
    undo() {
      lines.pop()?.destroy();
    },
    exportMask() {
      // Konva cuts the canvas down to whole px; half a px more keeps rounding from losing a column.
      const [wide, high] = [(width + 0.5) * scale, (height + 0.5) * scale];
      const region = { x: left, y: top, width: wide, height: high, pixelRatio: 1 / scale };
      const canvas = maskLayer.toCanvas(region);
      return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob!)));
    },
  };
});
