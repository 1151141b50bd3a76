import './shapeView.css';
import type { Ref } from 'react';

/** The elements that `shapeView.ts` writes into: a light fill, and lines of white inside black. */
export const ShapeOutline = ({ ref }: { readonly ref: Ref<HTMLDivElement> }) => (
  <div ref={ref} className="shape" data-testid="shape" hidden>
    <svg aria-hidden="true">
      <g>
        <path data-part="fill" />
        <path data-part="line" className="under" />
        <path data-part="line" className="over" />
        <path data-part="closing" className="under" />
        <path data-part="closing" className="over" />
        <path data-part="corners" className="under" />
        <path data-part="corners" className="over" />
        <path data-part="first" className="under" />
        <path data-part="first" className="over" />
      </g>
    </svg>
    <span data-size />
  </div>
);
