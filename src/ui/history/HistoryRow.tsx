import { memo } from 'react';
import { stepKey } from '../actions/history.ts';
import { useTranslate } from '../app.ts';
import { stepIcon } from './stepIcon.ts';

interface HistoryRowProps {
  readonly id: string;
  readonly index: number;
  readonly label: string;
  /** Time of the day, as the language writes it. */
  readonly time: string;
  readonly place: 'past' | 'present' | 'future';
}

/** Drawn anew only when it becomes, or ceases to be, the present one: a stroke costs no more rows than that. */
export const HistoryRow = memo(function HistoryRow({ id, index, label, time, place }: HistoryRowProps) {
  const t = useTranslate();
  const Icon = stepIcon(label);
  const name = t(stepKey(label));
  return (
    <div
      id={id}
      className="step"
      role="option"
      tabIndex={-1}
      aria-selected={place === 'present'}
      aria-label={place === 'future' ? `${name}, ${t('timeline.undone')}` : name}
      data-place={place}
      data-index={index}
      data-testid={`step-${index}`}
    >
      <Icon aria-hidden />
      <span className="step-name">{name}</span>
      <span className="step-time">{time}</span>
    </div>
  );
});
