import type { Message } from './message.ts';

/**
 * Errors by code: `error.<code>` says what happened, `error.<code>.help` what it means for the work and what to do.
 */
export const enErrors = {
  error: 'Error',
  'error.dismiss': 'Dismiss the message',
  'error.retryIn': { one: 'Try again in {n} second.', other: 'Try again in {n} seconds.' },
  'error.retryAt': 'Try again at {time}.',
  'error.retry': 'Try again',
  'error.retry.billed': 'Try again (may cost again)',
  'error.retryNow': 'You can try again now.',
  'error.detail': 'The service said: {detail}',
  'error.reason': 'Details: {detail}',
  'error.stage.input': 'The request itself was refused.',
  'error.stage.output': 'The result was refused.',
  'error.categories': 'Reason: {categories}',
  'error.billed': 'The service may have billed this request.',

  'error.over_request_limit': 'This request would cost more than you allow for one',
  'error.over_request_limit.help':
    'Nothing was sent. Choose a lower quality, fewer results or a smaller part, or raise the limit in the settings.',
  'error.over_day_limit': 'This request would go over your limit for today',
  'error.over_day_limit.help': 'Nothing was sent. Raise the limit in the settings, or go on tomorrow.',
  'error.price_unknown': 'You set a spending limit, and no price is known for this model',
  'error.price_unknown.help': 'Nothing was sent. Choose another model, or remove the limit in the settings.',

  'error.missing_required_parameter': 'Something is missing in the request',
  'error.missing_required_parameter.help':
    'Your picture and mask are unchanged. Write a prompt and run again.',
  'error.invalid_value': 'The service does not take one of the settings',
  'error.invalid_value.help': 'Nothing was changed. Choose another size, number or quality and run again.',
  'error.invalid_type': 'The service could not read one of the settings',
  'error.invalid_type.help': 'Nothing was changed. Choose the settings again and run once more.',
  'error.unknown_parameter': 'The service does not know one of the settings',
  'error.unknown_parameter.help':
    'Nothing was changed. Try another model, or reset size and quality to automatic.',
  'error.invalid_image_format': 'The service does not take this kind of picture',
  'error.invalid_image_format.help':
    'Your work is safe. Save the picture as PNG, open that file and run again.',
  'error.invalid_image_file': 'The service could not read the picture',
  'error.invalid_image_file.help':
    'Your work is safe. Run again; if it fails again, save as PNG and open that file.',
  'error.image_too_large': 'The picture is too large for the service',
  'error.image_too_large.help': 'Your work is safe. Open a smaller copy of the picture and run again.',
  'error.request_too_large': 'The request is too large for the service',
  'error.request_too_large.help': 'Your work is safe. Open a smaller copy of the picture and run again.',
  'error.mask_size_mismatch': 'Mask and picture differ in size',
  'error.mask_size_mismatch.help': 'Your work is safe. Reload the page and run again.',
  'error.mask_without_alpha': 'The service found no transparency in the mask',
  'error.mask_without_alpha.help': 'Your mask is unchanged. Erase a part of the picture and run again.',
  'error.mask_empty': 'Nothing is erased',
  'error.mask_empty.help': 'Erase the part that should change with the brush, then run again.',
  'error.invalid_mask': 'The service does not take this mask',
  'error.invalid_mask.help':
    'Your picture and mask are unchanged. Change the erased area a little, then run again.',
  'error.prompt_too_long': 'The prompt is too long for this model',
  'error.prompt_too_long.help': 'Your words are still here. Shorten them and run again.',
  'error.model_not_found': 'This model is not available',
  'error.model_not_found.help': 'Nothing was changed. Choose another model in the settings.',
  'error.unsupported_endpoint': 'This model does not offer that',
  'error.unsupported_endpoint.help': 'Nothing was changed. Choose another model or another mode.',
  'error.not_found': 'The server does not know this address',
  'error.not_found.help': 'Your work is safe. Reload the page; the server may have been updated.',
  'error.invalid_api_key': 'The service refused the key',
  'error.invalid_api_key.help': 'Your work is safe. Check OPENAI_API_KEY on the server and start it again.',
  'error.organization_not_verified': 'The organisation is not verified for this model',
  'error.organization_not_verified.help':
    'Your work is safe. Verify the organisation in the settings of the service, or choose another model.',
  'error.permission_denied': 'The service did not allow this',
  'error.permission_denied.help':
    'Your work is safe. Check at the service what the key may do, or choose another model.',
  'error.insufficient_quota': 'The account of the service has no credit left',
  'error.insufficient_quota.help': 'Your work is safe. Add credit at the service, then run again.',
  'error.rate_limit_exceeded': 'Too many requests for now',
  'error.rate_limit_exceeded.help': 'Your picture, mask and prompt are kept. Wait a moment, then run again.',
  'error.moderation_blocked': 'The content policy of the service refused this',
  'error.moderation_blocked.help':
    'Your picture, mask and prompt are kept. Change the words or the picture and run again.',
  'error.server_is_overloaded': 'The server is busy',
  'error.server_is_overloaded.help': 'Your work is safe. Try again in a little while.',
  'error.upstream_timeout': 'The service took too long',
  'error.upstream_timeout.help':
    'Your picture, mask and prompt are kept. Run again; fewer results or lower quality are faster.',
  'error.upstream_unreachable': 'The image service is not reachable',
  'error.upstream_unreachable.help': 'Your work is safe. Check the connection of the server, then run again.',
  'error.upstream_error': 'The image service had a problem',
  'error.upstream_error.help': 'Your picture, mask and prompt are kept. Run again in a little while.',
  'error.upstream_not_found': 'There is no image service at the address that the server was given',
  'error.upstream_not_found.help':
    'Your work is safe. Check the address of the service in the settings of the server.',
  'error.job_lost': 'The request was lost when the server ended',
  'error.job_lost.help': 'Nobody knows what became of it. Your picture, mask and prompt are safe.',
  'error.idempotency_key_reused': 'The request got mixed up with another one',
  'error.idempotency_key_reused.help': 'Nothing was sent. Please run it again.',
  'error.access_required': 'This server asks for a passcode',
  'error.access_required.help': 'Your work is safe in this browser and comes back once you have entered it.',
  'error.too_many_attempts': 'Too many attempts',
  'error.too_many_attempts.help': 'Please wait a moment before you try again.',
  'error.too_many_jobs': 'Too many requests are running',
  'error.too_many_jobs.help': 'Your work is safe. Wait until one of them has finished, then run it again.',
  'error.too_many_images': 'Too many pictures in a short time',
  'error.too_many_images.help':
    'Your work is safe. This server makes only so many pictures a minute: wait a moment, then run it again.',
  'error.budget_exceeded': 'The budget of this server is used up',
  'error.budget_exceeded.help':
    'Your work is safe, and nothing was billed. Try a cheaper quality or size, or come back tomorrow.',
  'error.request_refused': 'The service refused the request',
  'error.request_refused.help':
    'Your picture, mask and prompt are kept. Read what the service said, change something and run again.',
  'error.forbidden_origin': 'The server does not answer pages from this address',
  'error.forbidden_origin.help':
    'Your work is safe. Open Lacuna under the address that the server prints at its start.',
  'error.cancelled': 'Cancelled',
  'error.cancelled.help': 'Nothing was changed.',
  'error.internal_error': 'Something in Lacuna failed',
  'error.internal_error.help':
    'Your picture, mask and prompt are kept. Run again; if it stays, erase less or look at the log of the server.',
  'error.server_unreachable': 'Lacuna’s server is not reachable',
  'error.server_unreachable.help':
    'Your work is safe in this browser. Check that the server runs, then run again.',
  'error.offline': 'There is no connection to the network',
  'error.offline.help': 'Your work is safe in this browser. Run again when you are connected.',
  'error.no_document': 'No picture is open',
  'error.no_document.help': 'Your prompt is kept. Open a picture first, or choose Generate.',
  'error.no_picture': 'There is no picture yet',
  'error.no_picture.help': 'A mask belongs to a picture. Open the picture first, then import the mask.',
  'error.clipboard_unavailable': 'The clipboard can’t be reached here',
  'error.clipboard_unavailable.help':
    'Your mask is unchanged. Browsers allow it only on https and localhost. Use a file instead.',
  'error.clipboard_refused': 'The browser did not allow the clipboard',
  'error.clipboard_refused.help':
    'Your mask is unchanged. Allow the clipboard for this page in the browser, or use a file instead.',
  'error.clipboard_empty': 'There is no picture on the clipboard',
  'error.clipboard_empty.help': 'Your mask is unchanged. Copy a picture first, or use a file instead.',
  'error.unknown': 'That did not work',
  'error.unknown.help': 'Your picture, mask and prompt are kept. Try again.',

  'error.empty': 'The file is empty',
  'error.empty.help': 'It has no bytes. What was open stays open. Choose another file.',
  'error.not-an-image': 'This is not a picture',
  'error.not-an-image.help': 'What was open stays open. Choose a PNG, JPEG, WebP, AVIF or GIF.',
  'error.truncated': 'The picture is cut off',
  'error.truncated.help':
    'A part of the file is missing. What was open stays open. Copy or download the file again.',
  'error.too-many-bytes': 'The file is too large',
  'error.too-many-bytes.help':
    'The limit is 100 MB. What was open stays open. Save a smaller copy and open that.',
  'error.too-many-pixels': 'The picture has too many pixels',
  'error.too-many-pixels.help': 'The limit is 67 megapixels. What was open stays open. Open a smaller copy.',
  'error.edge-too-long': 'The picture is too wide or too tall',
  'error.edge-too-long.help':
    'The limit is 16,384 pixels on an edge. What was open stays open. Open a smaller copy.',
  'error.heic-unsupported': 'This browser can’t read HEIC',
  'error.heic-unsupported.help': 'What was open stays open. Save the photo as JPEG or PNG and open that.',
  'error.unsupported': 'This kind of picture is not supported',
  'error.unsupported.help': 'What was open stays open. Save it as PNG or JPEG and open that.',
  'error.undecodable': 'The picture can’t be read',
  'error.undecodable.help': 'The file seems damaged. What was open stays open. Try another copy of it.',
  'error.unwritable': 'This browser can’t write this picture in that format',
  'error.unwritable.help':
    'It is too large, or the format is not known here. Your work is unchanged. PNG works at every size.',
  'error.unwritable.png': 'Save as PNG',
  'error.worker-failed': 'The image worker stopped',
  'error.worker-failed.help': 'Your work is saved in this browser. Reload the page to go on.',

  'error.full': 'This browser’s storage is full',
  'error.full.help':
    'Your latest changes are not saved here. Download the picture, or remove something under Recent.',
  'error.refused': 'This browser does not let Lacuna store anything',
  'error.refused.help': 'Your work is lost when this tab closes. Download the picture before you leave.',
  'error.storage_full': 'This browser’s storage is full',
  'error.storage_full.help':
    'This could not be stored, and it is lost when the tab closes. Remove something under Recent, then try again.',
  'error.storage_refused': 'This browser did not store that',
  'error.storage_refused.help':
    'What is open stays open as long as this tab does. Download the picture before you leave.',
  'error.absent': 'This picture is not stored any more',
  'error.absent.help':
    'It was removed, perhaps in another tab. What was open stays open. Open the original file again.',
  'error.missing': 'A part of this picture is not stored any more',
  'error.missing.help':
    'The browser may have made room for something else. What was open stays open. Open the original file again.',
  'error.malformed': 'What is stored of this picture is damaged',
  'error.malformed.help': 'It can’t be read, and it was left as it is. Open the original file again.',
  'error.newer': 'A newer version of Lacuna stored this picture',
  'error.newer.help': 'It was left as it is. Reload the page to get the newer version, then open it again.',
  'error.export': 'The file could not be written',
  'error.export.help': 'Your work is unchanged. Close other tabs to free memory, then try again.',
} satisfies Record<string, Message>;
