import { createHash } from 'node:crypto';
import { type LoginWords, loginWords } from './loginWords.ts';

export type LoginState =
  | { readonly kind: 'asked' | 'wrong' | 'signedIn' }
  | { readonly kind: 'tooMany'; readonly minutes: number };

/** Colours are those of the app (src/ui/tokens.css), which is locked away with everything else. */
const STYLE = `
:root {
  color-scheme: light dark;
  --canvas: #ebebeb; --panel: #fff; --text: #1b1b1b; --muted: #5e5e5e; --line: #8c8c8c;
  --accent: #2b5fd0; --accent-hover: #2453bb; --accent-text: #2453bb; --danger: #b42318; --danger-soft: #fdf0ee;
  --shadow: 0 0 0 1px rgb(0 0 0 / 6%), 0 1px 2px rgb(0 0 0 / 6%), 0 6px 20px rgb(0 0 0 / 8%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --canvas: #1a1a1a; --panel: #272727; --text: #f1f1f1; --muted: #adadad; --line: #838383;
    --accent: #3b6fe0; --accent-hover: #3364d0; --accent-text: #9dbaff; --danger: #ff9c90; --danger-soft: #3a2523;
    --shadow: 0 0 0 1px rgb(255 255 255 / 7%), 0 6px 24px rgb(0 0 0 / 36%);
  }
}
* { box-sizing: border-box; }
body {
  display: grid; place-items: center; min-height: 100dvh; margin: 0; padding: 16px;
  background: var(--canvas); color: var(--text);
  font: 400 14px / 1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Apple SD Gothic Neo", "Malgun Gothic",
    "Noto Sans KR", "Noto Sans CJK KR", sans-serif;
  word-break: keep-all; overflow-wrap: anywhere; -webkit-font-smoothing: antialiased;
}
main {
  width: min(360px, 100%); padding: 32px; border-radius: 10px;
  background: var(--panel); box-shadow: var(--shadow);
}
svg { display: block; width: 36px; height: 36px; margin-bottom: 20px; }
.picture { fill: var(--text); }
.gap { fill: none; stroke: var(--accent-text); stroke-width: 2; stroke-dasharray: 3.1 2.136; }
h1 { margin: 0 0 4px; font-size: 20px; font-weight: 600; line-height: 1.3; letter-spacing: -0.01em; }
p { margin: 0; color: var(--muted); text-wrap: balance; }
form { margin-top: 24px; }
label { display: block; margin-bottom: 6px; font-weight: 600; }
input {
  width: 100%; height: 44px; padding: 0 12px; border: 1px solid var(--line); border-radius: 6px;
  background: var(--panel); color: inherit; font: inherit; font-size: 16px;
}
input[aria-invalid] { border-color: var(--danger); }
.alert { margin-top: 8px; padding: 8px 12px; border-radius: 6px; background: var(--danger-soft); color: var(--danger); }
button, .button {
  display: flex; align-items: center; justify-content: center; width: 100%; height: 44px; margin-top: 16px;
  border: 0; border-radius: 6px; background: var(--accent); color: #fff;
  font: inherit; font-weight: 600; text-decoration: none; cursor: pointer;
}
button:hover, .button:hover { background: var(--accent-hover); }
.quiet { background: none; color: var(--text); box-shadow: inset 0 0 0 1px var(--line); }
.quiet:hover { background: var(--canvas); }
.button { margin-top: 24px; }
.button + form { margin-top: 0; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
`;

const MARK = [
  'M7 2.5h10A4.5 4.5 0 0 1 21.5 7v3.3a7 7 0 0 0-11.2 11.2H7A4.5 4.5 0 0 1 2.5 17V7A4.5 4.5 0 0 1 7 2.5Z',
  '<circle class="gap" cx="16" cy="16" r="5"/>',
] as const;
const LOGO = `<svg viewBox="0 0 24 24" aria-hidden="true"><path class="picture" d="${MARK[0]}"/>${MARK[1]}</svg>`;
/** A picture within the page: the app's own icon is locked away. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#777" d="${MARK[0]}"/></svg>`,
)}`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page that asks for the passcode: plain HTML, a form and no script. */
export const loginPage = {
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
    vary: 'Accept-Language',
    // Under `no-referrer`, the policy of all other replies, a form posts with `Origin: null`, like a foreign page.
    'referrer-policy': 'same-origin',
  },
  render(state: LoginState, acceptLanguage: string | undefined): string {
    const words = loginWords(acceptLanguage);
    return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="${ICON}">
<title>${state.kind === 'signedIn' ? '' : `${words.title} · `}Lacuna</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${LOGO}
${state.kind === 'signedIn' ? signedIn(words) : passcodeForm(state, words)}
</main>
</body>
</html>
`;
  },
};

function passcodeForm(state: Exclude<LoginState, { kind: 'signedIn' }>, words: LoginWords): string {
  const problem =
    state.kind === 'tooMany' ? words.tooMany(state.minutes) : state.kind === 'wrong' ? words.wrong : null;
  const marked = problem === null ? '' : ' aria-invalid="true" aria-describedby="problem"';
  // The name is for password managers.
  return `<h1>${words.heading}</h1>
<p>${words.text}</p>
<form method="post" action="/login">
<input name="username" value="lacuna" autocomplete="username" hidden>
<label for="passcode">${words.label}</label>
<input id="passcode" name="passcode" type="password" autocomplete="current-password" required autofocus${marked}>
${problem === null ? '' : `<p class="alert" id="problem" role="alert">${problem}</p>`}
<button>${words.open}</button>
</form>`;
}

const signedIn = (words: LoginWords) => `<h1>${words.signedIn}</h1>
<p>${words.signedInText}</p>
<a class="button" href="/">${words.open}</a>
<form method="post" action="/logout"><button class="quiet">${words.signOut}</button></form>`;
