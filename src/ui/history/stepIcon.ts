import {
  BetweenHorizontalEnd,
  Blend,
  Check,
  CircleDashed,
  Combine,
  Contrast,
  Eraser,
  Eye,
  EyeOff,
  Frame,
  ImageIcon,
  ImagePlus,
  type LucideIcon,
  Paintbrush,
  PencilLine,
  Scaling,
  Trash2,
  X,
} from 'lucide-react';

/** By the label of the step. */
const icons: Readonly<Record<string, LucideIcon>> = {
  open: ImageIcon,
  brush: Eraser,
  restore: Paintbrush,
  clear: CircleDashed,
  invert: Contrast,
  frame: Frame,
  accept: Check,
  discard: X,
  extend: Scaling,
  blend: Blend,
  place: ImagePlus,
  show: Eye,
  hide: EyeOff,
  reorder: BetweenHorizontalEnd,
  remove: Trash2,
  merge: Combine,
};

export const stepIcon = (label: string): LucideIcon => icons[label] ?? PencilLine;
