import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Custom properties of our style sheets. */
    [variable: `--${string}`]: string | number | undefined;
  }
}
