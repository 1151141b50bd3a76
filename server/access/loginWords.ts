/** The passcode page in the languages of the app. */
export type LoginWords = typeof en;

const en = {
  language: 'en',
  title: 'Passcode',
  heading: 'Enter the passcode',
  text: 'Whoever runs this server can tell it to you.',
  label: 'Passcode',
  open: 'Open Lacuna',
  wrong: 'That is not the passcode. Check for capital letters and spaces.',
  tooMany: (minutes: number) =>
    `Too many attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  signedIn: 'You are signed in',
  signedInText: 'This browser stays signed in for 30 days at most.',
  signOut: 'Sign out',
};

const ko: LoginWords = {
  language: 'ko',
  title: '암호',
  heading: '암호를 입력하세요',
  text: '암호는 이 서버를 운영하는 사람에게 물어보세요.',
  label: '암호',
  open: 'Lacuna 열기',
  wrong: '암호가 맞지 않아요. 대소문자와 공백을 확인해 주세요.',
  tooMany: (minutes) => `시도가 너무 많았어요. ${minutes}분 뒤에 다시 해 주세요.`,
  signedIn: '로그인되어 있어요',
  signedInText: '이 브라우저는 최대 30일 동안 로그인되어 있어요.',
  signOut: '로그아웃',
};

/** By `Accept-Language`, whose tags come in order of preference; English where neither is wanted. */
export function loginWords(acceptLanguage = ''): LoginWords {
  const tags = acceptLanguage.split(',').map((tag) => tag.trim().slice(0, 2).toLowerCase());
  return tags.find((tag) => tag === 'en' || tag === 'ko') === 'ko' ? ko : en;
}
