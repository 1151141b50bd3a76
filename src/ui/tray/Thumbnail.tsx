import { useEffect, useState } from 'react';

interface ThumbnailProps {
  readonly picture: Blob;
  readonly label: string;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

export function Thumbnail({ picture, label, selected, onSelect }: ThumbnailProps) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const next = URL.createObjectURL(picture);
    setUrl(next);
    return () => URL.revokeObjectURL(next);
  }, [picture]);
  return (
    <button type="button" className="thumbnail" aria-label={label} aria-pressed={selected} onClick={onSelect}>
      {url && <img src={url} alt="" draggable={false} />}
    </button>
  );
}
