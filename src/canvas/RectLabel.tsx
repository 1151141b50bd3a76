import './rectView.css';
import type { Ref } from 'react';
import { useStore } from 'zustand';
import type { Session } from '../editor/session.ts';

/** The canvas has no catalogue: its words are handed in. */
export interface RectWords {
  /** Added to a size that can't grow. */
  readonly largest: string;
  /** What pressing the plan's label does. */
  readonly adjust: string;
  /** Gives the choice of the rectangle back to the plan. */
  readonly reset: string;
}

interface RectLabelProps {
  /** `rectView.ts` moves it and writes the size. */
  readonly ref: Ref<HTMLDivElement>;
  readonly session: Session;
  readonly words: RectWords;
  /** The rectangle is about to be adjusted: arrow keys are for it. */
  readonly onAdjust: () => void;
}

/** Stands at the top left of the rectangle on the canvas: what will be sent, as a button, or the size. */
export function RectLabel({ ref, session, words, onAdjust }: RectLabelProps) {
  const plan = useStore(session.store, (state) => state.plan?.label ?? null);
  const adjusting = useStore(session.store, (state) => state.tool === 'plan');
  const own = useStore(session.store, (state) => state.planRect !== null);
  return (
    <div className="rect-labels">
      <div ref={ref} className="rect-label" hidden>
        <span className="rect-size">
          <span data-size />
          <span className="rect-largest">{words.largest}</span>
        </span>
        {plan !== null && (
          <button
            type="button"
            className="rect-plan"
            data-testid="plan-label"
            aria-pressed={adjusting}
            title={words.adjust}
            onClick={() => {
              if (adjusting) session.leaveTool();
              else session.setTool('plan');
              onAdjust();
            }}
            onDoubleClick={() => session.setPlanRect(null)}
          >
            {plan}
          </button>
        )}
        {plan !== null && own && (
          <button
            type="button"
            className="rect-reset"
            data-testid="plan-reset"
            aria-label={words.reset}
            title={words.reset}
            onClick={() => session.setPlanRect(null)}
          >
            ×
          </button>
        )}
      </div>
    </div>
  );
}
