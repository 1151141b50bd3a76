import { useObjectUrl } from '../controls/useObjectUrl.ts';

interface ThumbnailProps {
  /** null while it is being drawn. */
  readonly picture: Blob | null;
  readonly label: string;
  /** The label is seen, too. */
  readonly captioned?: boolean;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

export function Thumbnail({ picture, label, captioned = false, selected, onSelect }: ThumbnailProps) {
  const url = useObjectUrl(picture);
  return (
    <button type="button" className="thumbnail" aria-label={label} aria-pressed={selected} onClick={onSelect}>
      {url && <img src={url} alt="" draggable={false} />}
      {captioned && <span className="thumbnail-caption">{label}</span>}
    </button>
  );
}
