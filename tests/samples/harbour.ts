import { below, blur, glow, numbers, ridge, scene, vertical } from './scene.ts';

const HORIZON = 600;
const random = numbers(20);

/** Short strokes of light on the water, longer and further apart towards the viewer. */
function ripples(): string {
  const strokes: string[] = [];
  for (let i = 0; i < 520; i++) {
    const depth = random() ** 1.7;
    const y = HORIZON + 6 + depth * 330;
    const length = 18 + depth * 150 * (0.4 + random());
    const x = random() * 1700 - 50;
    const near = Math.max(0, 1 - Math.abs(x + length / 2 - 1010) / (150 + depth * 260));
    const colour = near > 0.15 ? '#ffd9a0' : random() > 0.5 ? '#8f86ad' : '#3b4a75';
    const strength = near > 0.15 ? 0.18 + near * 0.6 : 0.16 + random() * 0.2;
    strokes.push(
      `<path d="M${x.toFixed(0)} ${y.toFixed(0)}q${(length / 2).toFixed(0)} ${(2 + depth * 5).toFixed(1)} ${length.toFixed(0)} 0" stroke="${colour}" stroke-width="${(1.2 + depth * 3.4).toFixed(1)}" opacity="${strength.toFixed(2)}"/>`,
    );
  }
  return `<g fill="none" stroke-linecap="round">${strokes.join('')}</g>`;
}

function clouds(): string {
  const puffs: string[] = [];
  for (const [cx, cy, width, colour, opacity] of [
    [360, 300, 460, '#f3a98f', 0.5],
    [1230, 215, 520, '#e58f93', 0.45],
    [760, 410, 640, '#ffd2a1', 0.5],
    [1480, 430, 420, '#ffbf93', 0.45],
    [110, 455, 380, '#ffcb9d', 0.4],
    [820, 130, 400, '#8a6fa3', 0.45],
  ] as const) {
    for (let i = 0; i < 16; i++) {
      const along = random() - 0.5;
      const rx = width * (0.12 + random() * 0.2);
      puffs.push(
        `<ellipse cx="${(cx + along * width).toFixed(0)}" cy="${(cy + (random() - 0.5) * 34).toFixed(0)}" rx="${rx.toFixed(0)}" ry="${(5 + random() * 15 * (1 - Math.abs(along))).toFixed(0)}" fill="${colour}" opacity="${(opacity * (0.25 + random() * 0.5)).toFixed(2)}"/>`,
      );
    }
  }
  return `<g filter="url(#soft9)">${puffs.join('')}</g>`;
}

const boat = (x: number, y: number, scale: number, sail: string, shade: string) => `
<g transform="translate(${x} ${y}) scale(${scale})">
  <path d="M-92 4q92 34 184 0l-26 176q-66 12-132 0z" fill="#1d2340" opacity=".42" filter="url(#soft3)"/>
  <path d="M10-252C70-190 92-110 98-34L10-26z" fill="${sail}"/>
  <path d="M10-252C34-190 42-110 40-29L10-26z" fill="#fff" opacity=".2"/>
  <path d="M-4-236C-42-170-66-100-78-36L-4-28z" fill="${shade}"/>
  <path d="M-104-16Q0 2 112-20L92 16Q4 34-82 18z" fill="#40303a"/>
  <path d="M-104-16Q0 2 112-20L108-12Q2 10-100-9z" fill="#f2c9a2"/>
  <path d="M4-14V-262" stroke="#3c2f35" stroke-width="5" stroke-linecap="round"/>
  <path d="M4-262l26 10-26 9z" fill="#d9534a"/>
</g>`;

const gull = (x: number, y: number, s: number) =>
  `<path d="M${x - 22 * s} ${y - 4 * s}q${11 * s} ${-13 * s} ${22 * s} 3q${11 * s} ${-16 * s} ${24 * s}-1" fill="none" stroke="#4b4160" stroke-width="${3 * s}" stroke-linecap="round"/>`;

const lighthouse = `
<ellipse cx="300" cy="318" rx="330" ry="200" fill="url(#lamp)"/>
<path d="M262 640l17-282h42l17 282z" fill="url(#tower)"/>
<path d="M269.600 515l3-50h54.800l3 50zM275.500 418l2.700-46h43.600l2.700 46zM264 608l3-48h66l3 48z" fill="#b9473f"/>
<path d="M310 640l-4-282h15l17 282z" fill="#2b2340" opacity=".28"/>
<rect x="270" y="346" width="60" height="13" rx="3" fill="#32283f"/>
<rect x="281" y="300" width="38" height="46" fill="#ffe6a8"/>
<path d="M281 300v46m12-46v46m13-46v46m13-46v46" stroke="#32283f" stroke-width="3"/>
<path d="M272 302q28-40 56 0z" fill="#8f3535"/>
<circle cx="300" cy="274" r="5" fill="#8f3535"/>
<circle cx="300" cy="322" r="26" fill="#fff3c9" opacity=".85" filter="url(#soft9)"/>`;

function rocks(): string {
  const stones: string[] = [];
  for (let i = 0; i < 70; i++) {
    const x = 40 + random() * 560;
    const y = 640 + random() * 60 - Math.abs(x - 300) * 0.02;
    const rx = 14 + random() * 40;
    const tone = 38 + Math.floor(random() * 34);
    stones.push(
      `<ellipse cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" rx="${rx.toFixed(0)}" ry="${(rx * 0.42).toFixed(0)}" fill="rgb(${tone + 12},${tone},${tone + 22})"/><ellipse cx="${(x + rx * 0.2).toFixed(0)}" cy="${(y - rx * 0.14).toFixed(0)}" rx="${(rx * 0.6).toFixed(0)}" ry="${(rx * 0.16).toFixed(0)}" fill="#e6a58c" opacity=".32"/>`,
    );
  }
  return `<path d="M-20 700H640Q470 770 240 772T-20 786z" fill="#1f2547" opacity=".55" filter="url(#soft3)"/><path d="M-20 690Q60 622 180 628Q300 600 410 640Q560 660 652 702Q560 724 420 722T160 730T-20 728z" fill="#37304a"/>${stones.join('')}`;
}

function sand(): string {
  const pebbles: string[] = [];
  for (let i = 0; i < 260; i++) {
    const x = random() * 1600;
    const y = 975 + random() * 92;
    pebbles.push(
      `<ellipse cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" rx="${(1.5 + random() * 5).toFixed(1)}" ry="${(1 + random() * 2).toFixed(1)}" fill="${random() > 0.5 ? '#6d4f55' : '#e9bd9b'}" opacity=".55"/>`,
    );
  }
  return `<path d="M0 960Q260 905 560 944T1130 934T1600 968V1067H0z" fill="url(#beach)"/>
<path d="M0 960Q260 905 560 944T1130 934T1600 968" fill="none" stroke="#ffe9d2" stroke-width="9" opacity=".75"/>
<path d="M0 976Q260 921 560 960T1130 950T1600 984" fill="none" stroke="#fff2e2" stroke-width="4" opacity=".4"/>
${pebbles.join('')}`;
}

/** Seaside at dusk: lighthouse, two boats, gulls. */
export const harbour = scene(
  vertical('sky', [0, '#2f3c6e'], [0.34, '#7d6a9c'], [0.62, '#e58f7f'], [0.86, '#ffc68a'], [1, '#ffe0ab']) +
    vertical('sea', [0, '#f2b08a'], [0.08, '#b98a98'], [0.35, '#5c6391'], [1, '#26335f']) +
    vertical('beach', [0, '#b98a78'], [0.35, '#a97c6e'], [1, '#7c5a5c']) +
    '<linearGradient id="tower"><stop offset="0" stop-color="#fbe8d3"/><stop offset=".55" stop-color="#f0d3bf"/><stop offset="1" stop-color="#8e7487"/></linearGradient>' +
    glow('sun', '#fff0bd', 0.95) +
    glow('lamp', '#ffe9a8', 0.42) +
    blur('soft3', 3) +
    blur('soft9', '14 5'),
  `<rect width="1600" height="${HORIZON}" fill="url(#sky)"/>
  <circle cx="1010" cy="560" r="520" fill="url(#sun)"/>
  ${clouds()}
  <circle cx="1010" cy="556" r="60" fill="#fff4cf"/>
  ${below(ridge(5, 65, 540, 578, 70), HORIZON, '#9a7795', 'opacity=".8"')}
  ${below(ridge(9, 65, 586, 560, 46), HORIZON, '#6c5a82', 'opacity=".85"')}
  <rect y="${HORIZON}" width="1600" height="467" fill="url(#sea)"/>
  ${ripples()}
  ${boat(1290, 668, 0.62, '#fbe6cb', '#d8a58f')}
  ${rocks()}${lighthouse}
  ${boat(905, 806, 1.12, '#fff1dc', '#e2a98c')}
  ${sand()}
  ${gull(610, 250, 1.2)}${gull(680, 296, 0.8)}${gull(548, 318, 0.7)}${gull(1190, 330, 0.9)}`,
);
