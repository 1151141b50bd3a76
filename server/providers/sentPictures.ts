import sharp from 'sharp';
import { ApiError, badRequest } from '../errors.ts';
import { encodeMask, maskOfAll } from './maskEncoding.ts';
import type { EndpointProfile } from './profiles.ts';
import type { EditRequest, ProviderImage } from './provider.ts';

type Part = readonly [field: string, file: File];

/** The pictures of an edit as a server wants them: the one that is edited, references, the mask, notes. */
export async function editParts(profile: EndpointProfile, request: EditRequest): Promise<Part[]> {
  const { images, markup } = request;
  const { maxImages, maskField } = profile;
  if (images.length > maxImages)
    throw badRequest(
      'invalid_value',
      'image',
      `This service takes at most ${maxImages} picture(s) at a time.`,
    );
  const mask = request.mask ?? (profile.maskRequired ? await maskOfAll(images[0]) : null);
  const [first, ...others] = images;
  // A picture and its mask have to be of one format, and not every service turns a JPEG as its EXIF says.
  const sent = [
    mask || markup ? await plain(profile, await uprightPng(first)) : await plain(profile, first),
    ...(await Promise.all(others.map((image) => plain(profile, image)))),
  ];
  const parts = sent.map((image, i): Part => [imageField(profile, sent.length), toFile(image, `image${i}`)]);
  if (mask && maskField)
    parts.push([maskField, toFile(await encodeMask(mask, profile.maskEncoding), 'mask')]);
  if (markup) parts.push(['markup', toFile(markup, 'markup')]);
  return parts;
}

export async function variationPart(profile: EndpointProfile, image: ProviderImage): Promise<Part> {
  return ['image', toFile(await plain(profile, image), 'image')];
}

const imageField = ({ imageField: field }: EndpointProfile, pictures: number) =>
  field === 'auto' ? (pictures === 1 ? 'image' : 'image[]') : field;

/** Services refuse a part whose type or name does not say PNG, JPEG or WebP. */
function toFile(image: ProviderImage, name: string): File {
  const extension = image.mime.slice('image/'.length);
  return new File([image.data as Uint8Array<ArrayBuffer>], `${name}.${extension}`, { type: image.mime });
}

async function uprightPng(image: ProviderImage): Promise<ProviderImage> {
  return image.mime === 'image/png' ? image : reencode(image);
}

/** Upright, 8 bits, RGB or RGBA, where a server misreads other files: grey ones, palettes, WebP. */
async function plain(profile: EndpointProfile, image: ProviderImage): Promise<ProviderImage> {
  return profile.plainPictures && !(await isPlain(image)) ? reencode(image) : image;
}

async function isPlain({ data }: ProviderImage): Promise<boolean> {
  const read = await sharp(data)
    .metadata()
    .catch(() => null);
  if (read === null) return false;
  const { format, space, depth, isPalette, orientation = 1 } = read;
  return format === 'png' && space === 'srgb' && depth === 'uchar' && !isPalette && orientation === 1;
}

async function reencode(image: ProviderImage): Promise<ProviderImage> {
  try {
    const data = await sharp(image.data).autoOrient().toColourspace('srgb').png().toBuffer();
    return { ...image, mime: 'image/png', data };
  } catch (error) {
    throw new ApiError(400, 'invalid_image_file', 'The picture cannot be decoded.', {
      param: 'image',
      cause: error,
    });
  }
}
