import { createRandom, type Random } from '../random.ts';
import { type Colour, luminance, mix, rgb, scale } from './colour.ts';
import type { Wish } from './readPrompt.ts';
import type { Thing, Time } from './vocabulary.ts';

/** Decided once per picture; everything that is painted later agrees on it. Places in shares of width and height. */
export interface Scene {
  readonly seed: number;
  readonly things: ReadonlyMap<Thing, readonly Colour[]>;
  readonly time: Time;
  /** From the zenith to the horizon. */
  readonly sky: readonly Colour[];
  /** Colour and place of the sun or the moon, and whether it is seen. */
  readonly lamp: { readonly colour: Colour; readonly x: number; readonly y: number; readonly seen: boolean };
  /** What far things fade into. */
  readonly haze: Colour;
  /** Brightness of lit surfaces, 0..1. */
  readonly daylight: number;
  readonly horizon: number;
}

const SKIES: Readonly<Record<Time, readonly Colour[]>> = {
  day: [rgb(0x2f6fb8), rgb(0x5b9bd8), rgb(0x9cc8ea), rgb(0xdcecf3)],
  dawn: [rgb(0x5d78b4), rgb(0x9d9cc8), rgb(0xe5b6c0), rgb(0xfbd9b4)],
  sunset: [rgb(0x2c2b5c), rgb(0x6f3f7c), rgb(0xd4606a), rgb(0xf79d58), rgb(0xfed28a)],
  night: [rgb(0x050a1c), rgb(0x0a1533), rgb(0x14264f), rgb(0x2a4570)],
  overcast: [rgb(0x5f6b78), rgb(0x85909b), rgb(0xa9b2b8), rgb(0xc9cecd)],
};
const LAMPS: Readonly<Record<Time, Colour>> = {
  day: rgb(0xfff3d6),
  dawn: rgb(0xffd9b8),
  sunset: rgb(0xffb463),
  night: rgb(0xdfe6f5),
  overcast: rgb(0xdfe3e6),
};
const DAYLIGHT: Readonly<Record<Time, number>> = {
  day: 1,
  dawn: 0.75,
  sunset: 0.5,
  night: 0.16,
  overcast: 0.65,
};

/** Scenes for prompts that name no place. */
const DEFAULTS: readonly (readonly Thing[])[] = [
  ['mountains', 'water', 'clouds'],
  ['hills', 'field', 'clouds'],
  ['mountains', 'forest', 'fog'],
  ['water', 'beach', 'clouds'],
  ['desert', 'sun'],
];
const LAND: readonly Thing[] = [
  'mountains',
  'hills',
  'forest',
  'city',
  'desert',
  'field',
  'flowers',
  'water',
  'beach',
  'snow',
];
const IN_THE_SKY: readonly Thing[] = ['sky', 'sun', 'moon', 'stars', 'clouds', 'aurora', 'fog'];

function chooseTime(wish: Wish, random: Random): Time {
  if (wish.time) return wish.time;
  if (['moon', 'stars', 'aurora'].some((thing) => wish.things.has(thing as Thing))) return 'night';
  if (wish.things.has('snow')) return random.unit() < 0.6 ? 'day' : 'dawn';
  return random.unit() < 0.6 ? 'day' : random.unit() < 0.6 ? 'sunset' : 'dawn';
}

/** Shades of one colour from the zenith to the horizon, as dark or light as the time of day. */
function skyOf(colours: readonly Colour[], time: Time): Colour[] {
  const usual = SKIES[time];
  const last = usual.length - 1;
  return usual.map((shade, i) => {
    const colour = colours[Math.min(colours.length - 1, Math.floor((i / usual.length) * colours.length))]!;
    const lightness = (luminance(shade) + 0.02) / (luminance(colour) + 0.02);
    const toned = scale(colour, Math.min(2.2, Math.max(0.25, lightness ** 0.8)));
    return mix(toned, shade, 0.12 + 0.3 * (i / last) ** 2);
  });
}

export function planScene(wish: Wish, seed: number): Scene {
  const random = createRandom(seed, 1);
  const things = new Map(wish.things);
  const named = [...things.keys()];
  if (!named.some((thing) => LAND.includes(thing) || thing === 'abstract')) {
    const onlySky = named.some((thing) => thing === 'sky' || thing === 'aurora' || thing === 'stars');
    const said = named.some((thing) => IN_THE_SKY.includes(thing)) || wish.time !== null;
    if (onlySky && !said) things.set('clouds', []);
    else if (onlySky) things.set('hills', []);
    else if (said || (wish.colours.length === 0 && wish.ignored.length === 0)) {
      for (const thing of DEFAULTS[random.below(DEFAULTS.length)]!)
        if (!things.has(thing)) things.set(thing, []);
    } else things.set('abstract', []);
  }
  const ground: readonly Thing[] = [
    'hills',
    'forest',
    'city',
    'desert',
    'field',
    'flowers',
    'water',
    'beach',
  ];
  const bare = !things.has('abstract') && !ground.some((thing) => things.has(thing));
  if (bare) things.set(things.has('mountains') ? 'hills' : 'field', []);
  if (things.has('flowers') && !things.has('field')) things.set('field', []);
  if (things.has('beach') && !things.has('water')) things.set('water', []);
  if (things.has('sky') && !things.has('clouds') && !things.has('stars') && wish.time !== 'night') {
    things.set('clouds', []);
  }

  const time = chooseTime(wish, random);
  const night = time === 'night' || (things.has('moon') && !things.has('sun'));
  const skyColours = things.get('sky') ?? [];
  const sky = skyColours.length > 0 ? skyOf(skyColours, time) : SKIES[time];
  const lampColours = things.get(night ? 'moon' : 'sun') ?? [];
  const lamp = lampColours[0] ? mix(lampColours[0], LAMPS[time], 0.3) : LAMPS[time];
  const horizon = things.has('beach') ? 0.46 : things.has('water') ? random.between(0.5, 0.6) : 0.62;
  const low = time === 'sunset' || time === 'dawn';
  return {
    seed,
    things,
    time,
    sky,
    lamp: {
      colour: lamp,
      x: random.between(0.22, 0.78),
      y: low ? horizon - random.between(0.05, 0.12) : random.between(0.14, 0.28),
      seen: things.has('sun') || things.has('moon') || low || time === 'night',
    },
    haze: mix(sky[sky.length - 1]!, sky[Math.max(0, sky.length - 2)]!, 0.35),
    daylight: DAYLIGHT[time],
    horizon,
  };
}
