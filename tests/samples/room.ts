import { blur, glow, numbers, scene, vertical } from './scene.ts';

const random = numbers(11);

function planks(): string {
  let boards = '';
  for (let row = 0; row < 7; row++) {
    const y = 800 + row * row * 5 + row * 14;
    const next = 800 + (row + 1) ** 2 * 5 + (row + 1) * 14;
    let x = -random() * 300;
    while (x < 1600) {
      const width = 260 + random() * 330;
      const tone = 132 + Math.floor(random() * 28);
      boards += `<rect x="${x.toFixed(0)}" y="${y}" width="${width.toFixed(0)}" height="${next - y}" fill="rgb(${tone},${Math.round(tone * 0.68)},${Math.round(tone * 0.46)})"/>`;
      for (let k = 0; k < 5; k++) {
        const at = y + 4 + random() * (next - y - 8);
        boards += `<path d="M${(x + 10).toFixed(0)} ${at.toFixed(0)}q${(width / 2).toFixed(0)} ${((random() - 0.5) * 9).toFixed(1)} ${(width - 20).toFixed(0)} 0" stroke="#5c3a25" stroke-width="1.300" opacity=".28" fill="none"/>`;
      }
      boards += `<path d="M${x.toFixed(0)} ${y}v${next - y}" stroke="#4a2e1d" stroke-width="2" opacity=".6"/>`;
      x += width;
    }
    boards += `<path d="M0 ${y}h1600" stroke="#4a2e1d" stroke-width="2" opacity=".55"/>`;
  }
  return boards;
}

function stripes(): string {
  let paper = '';
  for (let x = 0; x < 1600; x += 64) {
    paper += `<rect x="${x}" y="0" width="30" height="780" fill="#4f7370" opacity=".28"/>`;
    for (let y = 40 + (x % 128 ? 52 : 0); y < 760; y += 104) {
      paper += `<path d="M${x + 47} ${y - 13}q9 13 0 26q-9-13 0-26z" fill="#d8c79a" opacity=".34"/>`;
    }
  }
  return paper;
}

/** A branch with leaves, from the neck of the vase. */
function branch(bend: number, length: number, leaf: string): string {
  let leaves = '';
  for (let i = 2; i < 11; i++) {
    const t = i / 10;
    const x = bend * t * t;
    const y = -length * t;
    const side = i % 2 ? 1 : -1;
    const angle = side * (52 - t * 18) + bend * 0.14;
    leaves += `<path transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${angle.toFixed(0)}) scale(${(1.15 - t * 0.45).toFixed(2)})" d="M0 0C-17-20-15-44 0-62C15-44 17-20 0 0z" fill="${leaf}"/><path transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${angle.toFixed(0)}) scale(${(1.15 - t * 0.45).toFixed(2)})" d="M0 0V-54" stroke="#e6ecc4" stroke-width="1.500" opacity=".4"/>`;
  }
  return `<path d="M0 0Q${bend * 0.15} ${-length * 0.6} ${bend} ${-length}" fill="none" stroke="#4a5b35" stroke-width="4"/>${leaves}`;
}

const vase = `
<g transform="translate(1010 640)">
  <ellipse cx="16" cy="4" rx="96" ry="13" fill="#000" opacity=".35" filter="url(#soft)"/>
  <g transform="translate(0 -178)">${branch(-118, 250, '#6f8f4e')}${branch(96, 270, '#86a35a')}${branch(-12, 320, '#5a7b45')}${branch(170, 190, '#748f4b')}</g>
  <path d="M-26-188H26Q24-158 48-126Q84-78 58-22Q50 0 0 2Q-50 0-58-22Q-84-78-48-126Q-24-158-26-188z" fill="url(#clay)"/>
  <path d="M-58-92Q0-70 66-96L66-76Q0-50-62-72z" fill="#f2ead6" opacity=".8"/>
  <path d="M-34-118Q-56-80-42-26" fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round" opacity=".4"/>
  <ellipse cy="-188" rx="26" ry="6" fill="#1f3440"/>
</g>`;

const lamp = `
<circle cx="560" cy="330" r="640" fill="url(#light)"/>
<g transform="translate(560 640)">
  <ellipse cy="2" rx="78" ry="12" fill="#000" opacity=".35" filter="url(#soft)"/>
  <path d="M-62 0Q-60-20-14-24V-70Q-44-92-44-128Q-44-168-10-178V-232H10V-178Q44-168 44-128Q44-92 14-70V-24Q60-20 62 0z" fill="url(#brass)"/>
  <path d="M-24-150Q-34-126-20-98" fill="none" stroke="#fff7d8" stroke-width="7" stroke-linecap="round" opacity=".7"/>
  <path d="M-86-392H86L142-222H-142z" fill="url(#shade)"/>
  <path d="M-86-392H86L88-384H-89zM-139-232H139L142-222H-142z" fill="#b9793f" opacity=".8"/>
  <path d="M-50-392L-84-222M-14-392L-24-222M22-392L38-222M56-392L96-222" stroke="#d39a58" stroke-width="2" opacity=".5"/>
</g>`;

const fruit = (x: number, y: number, r: number, fill: string) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/><ellipse cx="${x - r * 0.35}" cy="${y - r * 0.42}" rx="${r * 0.28}" ry="${r * 0.18}" fill="#fff" opacity=".5"/><path d="M${x} ${y - r + 2}q4-9 9-11" stroke="#4b3a22" stroke-width="3" fill="none"/>`;

const bowl = `
<g transform="translate(772 640)">
  <ellipse cx="6" cy="3" rx="110" ry="11" fill="#000" opacity=".35" filter="url(#soft)"/>
  ${fruit(-44, -62, 34, 'url(#orange)')}${fruit(38, -60, 35, 'url(#apple)')}${fruit(-2, -82, 33, 'url(#orange)')}
  <path d="M-108-62H108Q92 0 34 2H-34Q-92 0-108-62z" fill="url(#bowl)"/>
  <path d="M-108-62H108L106-52H-106z" fill="#fff" opacity=".35"/>
</g>`;

function books(): string {
  let x = 286;
  let spines = '';
  for (const [width, height, colour] of [
    [34, 156, '#8d3f38'],
    [26, 138, '#d2b274'],
    [40, 168, '#2d4c5b'],
    [22, 146, '#b9664a'],
    [30, 130, '#6f7f56'],
  ] as const) {
    spines += `<g><rect x="${x}" y="${640 - height}" width="${width}" height="${height}" rx="2" fill="${colour}"/><path d="M${x + 4} ${640 - height + 20}h${width - 8}M${x + 4} ${640 - height + 28}h${width - 8}M${x + 4} ${614}h${width - 8}" stroke="#f1dfb4" stroke-width="2" opacity=".7"/><rect x="${x}" y="${640 - height}" width="5" height="${height}" fill="#000" opacity=".18"/></g>`;
    x += width + 1;
  }
  return spines;
}

const picture = `
<g transform="translate(1068 118)">
  <rect x="10" y="14" width="308" height="228" fill="#000" opacity=".3" filter="url(#soft)"/>
  <rect width="308" height="228" fill="#6a4527"/><rect x="8" y="8" width="292" height="212" fill="#a87943"/>
  <rect x="22" y="22" width="264" height="184" fill="#f4ecd9"/>
  <rect x="44" y="42" width="220" height="144" fill="url(#painted)"/>
  <path d="M44 150Q96 104 150 140T264 122V186H44z" fill="#3f6d6b"/><path d="M44 166Q120 136 190 164T264 156V186H44z" fill="#274f52"/>
  <circle cx="206" cy="84" r="17" fill="#fbe3a6"/>
</g>`;

/** A sideboard with a lamp, a vase, fruit and books. */
export const room = scene(
  vertical('wall', [0, '#3a5f5f'], [1, '#57807a']) +
    vertical('wood', [0, '#8a5a38'], [0.1, '#744828'], [1, '#56331d']) +
    vertical('painted', [0, '#f0b98d'], [1, '#e9d8b4']) +
    vertical('bowl', [0, '#e9e2d4'], [1, '#a39b92']) +
    '<linearGradient id="clay"><stop offset="0" stop-color="#6f9fb0"/><stop offset=".45" stop-color="#3f7186"/><stop offset="1" stop-color="#1f3f52"/></linearGradient>' +
    '<linearGradient id="brass"><stop offset="0" stop-color="#8a6226"/><stop offset=".35" stop-color="#f1cf83"/><stop offset="1" stop-color="#7a5320"/></linearGradient>' +
    '<radialGradient id="shade" cy=".75" r=".8"><stop offset="0" stop-color="#fff6d8"/><stop offset=".6" stop-color="#fbdca0"/><stop offset="1" stop-color="#dba562"/></radialGradient>' +
    '<radialGradient id="orange" cx=".35" cy=".35"><stop offset="0" stop-color="#ffc36b"/><stop offset="1" stop-color="#cf6a1e"/></radialGradient>' +
    '<radialGradient id="apple" cx=".35" cy=".35"><stop offset="0" stop-color="#e96a4d"/><stop offset="1" stop-color="#8a1f22"/></radialGradient>' +
    glow('light', '#ffe0a0', 0.62) +
    blur('soft', 6),
  `<rect width="1600" height="800" fill="url(#wall)"/>${stripes()}
  <rect y="770" width="1600" height="34" fill="#ece3cf"/><rect y="770" width="1600" height="5" fill="#fff" opacity=".5"/><rect y="798" width="1600" height="6" fill="#000" opacity=".25"/>
  ${planks()}
  <ellipse cx="800" cy="955" rx="760" ry="54" fill="#2a160b" opacity=".5" filter="url(#soft)"/>
  ${picture}${lamp}
  <rect x="190" y="640" width="1220" height="26" rx="4" fill="#a06d44"/><rect x="190" y="640" width="1220" height="6" rx="3" fill="#d7a877" opacity=".7"/>
  <rect x="210" y="666" width="1180" height="220" fill="url(#wood)"/>
  <path d="M603 666v220M997 666v220M210 776h393M997 776h393" stroke="#341d10" stroke-width="4" opacity=".75"/>
  <g fill="#e6c27a"><circle cx="406" cy="722" r="9"/><circle cx="406" cy="830" r="9"/><circle cx="1194" cy="722" r="9"/><circle cx="1194" cy="830" r="9"/><rect x="690" y="766" width="9" height="40" rx="4"/><rect x="901" y="766" width="9" height="40" rx="4"/></g>
  <path d="M800 680v192" stroke="#341d10" stroke-width="3" opacity=".7"/>
  <path d="M240 886h30l-8 74h-14zM1330 886h30l-8 74h-14z" fill="#4a2b18"/>
  ${books()}${bowl}${vase}
  <rect width="1600" height="1067" fill="url(#light)" opacity=".18"/>`,
);
