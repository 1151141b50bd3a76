import type { ProbeReport } from '../contract.ts';
import type { Given } from './modelsFile.ts';
import type { EndpointProfile, MaskEncoding } from './profiles.ts';
import type { Model } from './provider.ts';

/** A model that the operator names for one service, with what he says of it. */
export interface NamedModel extends Given {
  readonly id: string;
}

/** What is assumed of a model behind a server of this profile, before anybody says otherwise. */
export function modelBehind(profile: EndpointProfile, published: Model): Model {
  const { variations } = profile;
  return {
    ...published,
    endpoints:
      variations === 'off' ? published.endpoints.filter((one) => one !== 'variations') : published.endpoints,
    nativeVariations: variations === 'model' ? published.nativeVariations : variations === 'native',
    sizes: profile.sizes ?? published.sizes,
    maxResults: Math.min(profile.maxResults, published.maxResults),
    outputFormats: profile.outputFormats ?? published.outputFormats,
    seed: profile.seed || published.seed,
    maxPartials: profile.stream === 'off' ? null : published.maxPartials,
  };
}

/** What was seen outweighs what was said. A probe asks for one unfinished picture, so one is known to come. */
export function modelAsSeen(model: Model, report: ProbeReport | null): Model {
  if (report === null) return model;
  return {
    ...model,
    nativeVariations: report.variations,
    maxPartials: report.streaming ? (model.maxPartials ?? 1) : null,
  };
}

/** The coding that a server reads the other way round, and the one to send instead. */
const OPPOSITE: Readonly<Record<MaskEncoding, MaskEncoding>> = {
  // Who takes the alpha of OpenAI's masks the wrong way looks at white, not at alpha.
  alpha: 'white-edit',
  'white-edit': 'black-edit',
  'black-edit': 'white-edit',
  dual: 'black-edit',
};

export function profileAsSeen(profile: EndpointProfile, report: ProbeReport | null): EndpointProfile {
  return report?.mask === 'inverted' ? { ...profile, maskEncoding: OPPOSITE[profile.maskEncoding] } : profile;
}
