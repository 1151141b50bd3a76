import { below, blur, glow, numbers, ridge, scene, vertical, WIDTH } from './scene.ts';

const SHORE = 640;
const random = numbers(4);

/** A spruce: stacked ragged skirts; `lit` is the side of the sun. */
function spruce(x: number, foot: number, height: number, dark: string, lit: string): string {
  const layers = Math.max(5, Math.round(height / 24));
  let left = '';
  let rightSide = '';
  for (let i = 0; i < layers; i++) {
    const top = foot - height + (i / layers) * height * 0.94;
    const width = ((i + 1) / layers) * height * 0.19 * (0.85 + random() * 0.3);
    const end = top + (height / layers) * 1.7;
    left += `M${x.toFixed(1)} ${top.toFixed(1)}L${(x - width).toFixed(1)} ${end.toFixed(1)}L${(x + width * 0.9).toFixed(1)} ${(end - 2).toFixed(1)}z`;
    rightSide += `M${x.toFixed(1)} ${top.toFixed(1)}L${(x + width * 0.15).toFixed(1)} ${(end - 5).toFixed(1)}L${(x + width * 0.9).toFixed(1)} ${(end - 3).toFixed(1)}z`;
  }
  return `<path d="M${x} ${foot}v6" stroke="#3a2a24" stroke-width="${(height * 0.035).toFixed(1)}"/><path d="${left}" fill="${dark}"/><path d="${rightSide}" fill="${lit}" opacity=".7"/>`;
}

function forest(count: number, foot: number, tall: number, dark: string, lit: string): string {
  const trees: string[] = [];
  for (let i = 0; i < count; i++) {
    const x = (i / count) * 1640 - 20 + (random() - 0.5) * 26;
    const gap = Math.abs(x - 860) < 170 ? 0.62 : 1;
    trees.push(spruce(x, foot + random() * 10, tall * gap * (0.55 + random() * 0.6), dark, lit));
  }
  return trees.join('');
}

type Corner = readonly [x: number, y: number];

/** A jagged line between two points; `sway` is the largest step sideways, px. */
function jagged(from: Corner, to: Corner, pieces: number, sway: number): Corner[] {
  const line: Corner[] = [from];
  for (let i = 1; i < pieces; i++) {
    const t = (i + (random() - 0.5) * 0.5) / pieces;
    const off = (random() - 0.5) * 2 * sway * Math.sin(Math.PI * t) ** 0.5;
    line.push([from[0] + (to[0] - from[0]) * t + off, from[1] + (to[1] - from[1]) * t + off * 0.25]);
  }
  return [...line, to];
}

const polygon = (corners: readonly Corner[], fill: string, more = '') =>
  `<polygon points="${corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}" fill="${fill}" ${more}/>`;

/** A rocky peak lit from the right: two faces that meet in a ridge, snow on both above a ragged line. */
function peak(x: number, top: number, left: number, right: number, faces: readonly [string, string]): string {
  const summit: Corner = [x, top];
  const westFlank = jagged(summit, [x - left, SHORE], 14, 20);
  const eastFlank = jagged(summit, [x + right, SHORE], 14, 20);
  const ridgeLine = jagged(summit, [x + (right - left) * 0.2, SHORE], 12, 34);
  const snowed = (line: readonly Corner[], share: number) =>
    line.filter(([, y]) => y <= top + (SHORE - top) * share);
  const cap = (a: readonly Corner[], b: readonly Corner[]): Corner[] => {
    const [upper, lower] = [snowed(a, 0.44), snowed(b, 0.5)];
    const tongues: Corner[] = [];
    const [start, end] = [upper.at(-1)!, lower.at(-1)!];
    for (let i = 1; i < 9; i++) {
      const t = i / 9;
      const drop = (i % 2 ? 1 : -0.5) * (14 + random() * 30);
      tongues.push([start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t + drop]);
    }
    return [...upper, ...tongues, ...lower.toReversed()];
  };
  let gullies = '';
  for (let i = 0; i < 16; i++) {
    const t = 0.3 + random() * 0.6;
    const east = random() > 0.5;
    const wide = (east ? right : -left) * t * random() * 0.9;
    const from: Corner = [x + wide, top + (SHORE - top) * t];
    const to: Corner = [from[0] + (east ? 26 : -26) * (1 + random()), from[1] + 40 + random() * 60];
    gullies += `<path d="M${from.map((v) => v.toFixed(0)).join(' ')}L${to.map((v) => v.toFixed(0)).join(' ')}" stroke="${east ? '#fff' : '#2d3f52'}" stroke-width="${(2 + random() * 3).toFixed(1)}" opacity=".13"/>`;
  }
  return (
    polygon([...westFlank, ...ridgeLine.toReversed()], faces[0]) +
    polygon([...eastFlank, ...ridgeLine.toReversed()], faces[1]) +
    gullies +
    polygon(cap(westFlank, ridgeLine), '#c3d0dd') +
    polygon(cap(eastFlank, ridgeLine), '#fdf8ee')
  );
}

function meadow(): string {
  const blades: string[] = [];
  for (let i = 0; i < 1500; i++) {
    const x = random() * WIDTH;
    const y = 985 + random() * 90 + Math.abs(x - 900) * -0.03;
    const length = 16 + random() * 40;
    const lean = (random() - 0.5) * 22;
    const tone = ['#48622f', '#5f7d36', '#7f9a45', '#32491f', '#a3ab55'][Math.floor(random() * 5)];
    blades.push(
      `<path d="M${x.toFixed(0)} ${y.toFixed(0)}q${(lean / 3).toFixed(0)} ${(-length * 0.6).toFixed(0)} ${lean.toFixed(0)} ${(-length).toFixed(0)}" stroke="${tone}"/>`,
    );
  }
  const flowers: string[] = [];
  for (let i = 0; i < 120; i++) {
    const x = random() * WIDTH;
    const y = 955 + random() * 90;
    const colour = ['#f4e9f0', '#d7a3d8', '#f3c14f', '#b06fc0'][Math.floor(random() * 4)];
    const r = 2.5 + random() * 4;
    flowers.push(
      `<circle cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" r="${r.toFixed(1)}" fill="${colour}"/><circle cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" r="${(r * 0.35).toFixed(1)}" fill="#f7d774"/>`,
    );
  }
  return `<path d="M0 972Q300 930 640 975T1240 968T1600 940V1067H0z" fill="#3d5428"/><g fill="none" stroke-width="2.4" stroke-linecap="round">${blades.join('')}</g>${flowers.join('')}`;
}

function glints(): string {
  const strokes: string[] = [];
  for (let i = 0; i < 260; i++) {
    const depth = random();
    const x = random() * WIDTH;
    const length = 20 + depth * 120 * random();
    strokes.push(
      `<path d="M${x.toFixed(0)} ${(SHORE + 8 + depth * 320).toFixed(0)}h${length.toFixed(0)}" stroke="${random() > 0.45 ? '#eaf3f5' : '#27505c'}" stroke-width="${(1 + depth * 2).toFixed(1)}" opacity="${(0.08 + random() * 0.2).toFixed(2)}"/>`,
    );
  }
  return `<g stroke-linecap="round">${strokes.join('')}</g>`;
}

const near = ridge(15, 129, 520, 500, 210);
const distant = ['#8ea3b8', '#adbac2'] as const;
const massive = ['#5d7389', '#8a9da6'] as const;

const scenery = `
  ${peak(180, 300, 420, 380, distant)}${peak(1500, 270, 430, 330, distant)}${peak(820, 330, 400, 380, distant)}
  ${peak(1130, 215, 470, 430, massive)}${peak(470, 168, 560, 520, massive)}
  <rect y="430" width="1600" height="210" fill="url(#mist)"/>
  ${below(near, SHORE, 'url(#near)')}
  <rect y="540" width="1600" height="100" fill="url(#mist)" opacity=".7"/>
  ${forest(120, SHORE - 6, 74, '#2c4c46', '#4d7359')}
  ${forest(84, SHORE + 2, 118, '#1d3a36', '#3e6650')}`;

const hut = `
<g transform="translate(1236 604)">
  <path d="M-52 36V-10L0-44 52-10v46z" fill="#6d4630"/>
  <path d="M0-44L52-10v46H6z" fill="#8a5b3c"/>
  <path d="M-64-6L0-54 64-6l-8 8L0-40-56 2z" fill="#3f2c28"/>
  <rect x="14" y="-2" width="20" height="18" fill="#ffd98a"/><path d="M24-2v18M14 7h20" stroke="#3f2c28" stroke-width="2.500"/>
  <rect x="-34" y="2" width="22" height="34" fill="#43291f"/>
  <rect x="26" y="-50" width="11" height="26" fill="#57423c"/>
</g>`;

const canoe = `
<g transform="translate(640 838)">
  <path d="M-150 12Q0 44 150 12L120 62Q0 80-120 62z" fill="#12343c" opacity=".4" filter="url(#soft)"/>
  <path d="M-168-22Q-140 18-96 24H96Q140 18 168-22Q120 0 0 0T-168-22z" fill="#c2452f"/>
  <path d="M-168-22Q-120 0 0 0T168-22Q120-8 0-8T-168-22z" fill="#7c2a20"/>
  <path d="M-150-8Q-60 12 0 12T150-8" fill="none" stroke="#f3d9b0" stroke-width="4"/>
  <path d="M-40-6h14M30-7h14" stroke="#5b2018" stroke-width="8"/>
</g>`;

/** Mountains above a lake, a hut on the far shore, a red canoe. */
export const lake = scene(
  vertical('sky', [0, '#5e97bf'], [0.5, '#b3d0d8'], [0.85, '#f3dfbf'], [1, '#f8d9ac']) +
    vertical('near', [0, '#49685f'], [1, '#6f8a72']) +
    '<linearGradient id="mist" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#f6ead2" stop-opacity="0"/><stop offset="1" stop-color="#f6ead2" stop-opacity=".55"/></linearGradient>' +
    vertical('depth', [0, '#bfd0c6'], [0.3, '#5f99a1'], [1, '#1f5866']) +
    glow('sun', '#fff3d2', 0.9) +
    blur('soft', 4) +
    blur('cloud', '26 7') +
    blur('mirror', '1.6 5'),
  `<rect width="1600" height="${SHORE}" fill="url(#sky)"/>
  <circle cx="1180" cy="330" r="430" fill="url(#sun)"/>
  <g filter="url(#cloud)" fill="#fff" opacity=".75"><ellipse cx="330" cy="150" rx="240" ry="17"/><ellipse cx="470" cy="176" rx="190" ry="13"/><ellipse cx="1010" cy="96" rx="250" ry="15"/><ellipse cx="1390" cy="210" rx="180" ry="11"/></g>
  ${scenery}${hut}
  <rect y="${SHORE}" width="1600" height="427" fill="url(#depth)"/>
  <g transform="matrix(1 0 0 -.62 0 ${SHORE + SHORE * 0.62})" opacity=".5" filter="url(#mirror)">${scenery}${hut}</g>
  <rect y="${SHORE}" width="1600" height="427" fill="url(#depth)" opacity=".42"/>
  <rect y="${SHORE - 3}" width="1600" height="6" fill="#e7e0c4" opacity=".6"/>
  ${glints()}${canoe}${meadow()}`,
);
