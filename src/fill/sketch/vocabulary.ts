export type Thing =
  | 'sky'
  | 'sun'
  | 'moon'
  | 'stars'
  | 'clouds'
  | 'aurora'
  | 'mountains'
  | 'hills'
  | 'forest'
  | 'city'
  | 'desert'
  | 'field'
  | 'flowers'
  | 'water'
  | 'beach'
  | 'snow'
  | 'fog'
  | 'abstract';
export type Time = 'day' | 'dawn' | 'sunset' | 'night' | 'overcast';
export type Style = 'watercolour' | 'pencil' | 'minimal' | 'monochrome';

/** Words are lower case; English ones singular. A Korean word matches a token that begins with it (particles follow). */
export const THINGS: Readonly<Record<Thing, string>> = {
  sky: 'sky heaven 하늘',
  sun: 'sun sunshine sunlight 태양 햇살 햇빛 해가 해와',
  moon: 'moon moonlight moonlit 달이 달과 달빛 보름달 초승달 달',
  stars: 'star starry starlight galaxy milky 별 은하수 은하',
  clouds: 'cloud cloudy 구름',
  aurora: 'aurora borealis 오로라',
  mountains: 'mountain peak alp ridge summit cliff 산맥 산이 산과 산을 산 설산 봉우리',
  hills: 'hill valley 언덕 계곡',
  forest: 'forest wood tree pine jungle 숲 나무 소나무 밀림',
  city: 'city skyline building town skyscraper street downtown 도시 건물 빌딩 거리 마을 시내',
  desert: 'desert dune sahara 사막 모래언덕',
  field: 'field grass meadow lawn prairie grassland countryside farm 들판 들 풀밭 초원 잔디 밭',
  flowers: 'flower blossom tulip poppy lavender rose daisy garden 꽃 장미 튤립 라벤더 정원',
  water: 'water sea ocean lake river pond wave bay coast reflection 바다 물 호수 강 연못 파도 해안',
  beach: 'beach sand sandy shore seaside island 해변 모래 모래사장 바닷가 섬',
  snow: 'snow snowy winter ice icy frost 눈 겨울 얼음 설경 눈밭',
  fog: 'fog foggy mist misty haze hazy 안개',
  abstract: 'abstract pattern gradient wallpaper texture background 추상 무늬 배경 패턴 그라데이션',
};

export const TIMES: Readonly<Record<Time, string>> = {
  day: 'day daytime noon morning sunny summer spring 낮 아침 맑은 여름 봄',
  dawn: 'dawn sunrise 새벽 일출 해돋이',
  sunset: 'sunset dusk evening twilight golden autumn 노을 석양 일몰 저녁 황혼 해질녘 가을',
  night: '밤하늘 night midnight nighttime dark 밤 야경 한밤 어두운',
  overcast: 'overcast storm stormy rain rainy grey-sky gloomy 흐린 폭풍 비 비가',
};

export const STYLES: Readonly<Record<Style, string>> = {
  watercolour: 'watercolour watercolor aquarelle 수채화 수채',
  pencil: 'pencil sketch drawing drawn charcoal 연필 스케치 소묘 드로잉',
  minimal: 'minimal minimalist minimalistic flat simple vector 미니멀 단순한 심플',
  monochrome: 'monochrome noir black-and-white greyscale grayscale 흑백',
};

/** Screen colours (sRGB), 0xRRGGBB. */
export const COLOURS: Readonly<Record<string, number>> = {
  'red crimson scarlet ruby 빨간 빨강 붉은 붉게 적색': 0xd23b35,
  'orange amber 주황 오렌지 주홍': 0xf0883a,
  'yellow lemon 노란 노랑 노랗 황색': 0xf4cf4a,
  'gold golden-coloured 금색 금빛 황금': 0xe2b04a,
  'green emerald jade 초록 녹색 푸르른 연두': 0x4f9a4c,
  'teal turquoise cyan aqua 청록 옥색 에메랄드': 0x2fa5a5,
  'blue azure navy cobalt 파란 파랑 푸른 청색 남색': 0x3d74c9,
  'purple violet lilac indigo 보라 자주 자색': 0x8253b5,
  'pink magenta rosy 분홍 핑크': 0xec8fb4,
  'brown chocolate beige 갈색 베이지 밤색': 0x8c6444,
  'white ivory 하얀 흰 하양 백색': 0xf3f1ec,
  'grey gray silver 회색 은색 잿빛': 0x8d939a,
  'black 검은 검정 까만': 0x1d1e22,
};

/** Words that carry no meaning of their own: neither used nor ignored. */
export const FILLERS = new Set(
  'a an the of in on at by with and or over under above below near to from into is are its very some 그리고 있는 위 아래 속 의 와 과 에'.split(
    ' ',
  ),
);

/** After these a colour no longer belongs to the noun that follows. */
export const SEPARATORS = new Set(
  'of in on at by with over under above below near to from into 위 아래 속'.split(' '),
);
