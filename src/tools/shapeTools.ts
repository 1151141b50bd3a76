import { boxTool } from './boxTool.ts';
import { lassoTool } from './lassoTool.ts';
import { polygonTool } from './polygonTool.ts';
import type { Toolbox } from './toolbox.ts';

/** Fetched after the stage, which is there sooner without them. */
export function addShapeTools({ add }: Toolbox): void {
  add('rectangle', boxTool('rectangle'));
  add('ellipse', boxTool('ellipse'));
  add('lasso', lassoTool);
  add('polygon', polygonTool);
}
