import { Minus, Plus } from 'lucide-react';
import type { Capabilities, ModelCapabilities } from '../../../server/contract.ts';
import type { Ask } from '../../editor/session.ts';
import { modelOf, serviceOf } from '../actions/run.ts';
import { useApp, useSession, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { NumberField } from '../controls/NumberField.tsx';
import { SelectField } from '../controls/SelectField.tsx';
import { ModelField } from './ModelField.tsx';
import { ServiceSettings } from './ServiceSettings.tsx';
import { sizeOptions, sizeText } from './sizeOptions.ts';

interface CountProps {
  readonly count: number;
  readonly most: number;
  readonly onChange: (count: number) => void;
}

function CountField({ count, most, onChange }: CountProps) {
  const t = useTranslate();
  return (
    <div className="field">
      <span>{t('settings.count')}</span>
      <div className="stepper">
        <Button
          icon={Minus}
          label={t('settings.fewer')}
          tooltip={false}
          disabled={count <= 1}
          onClick={() => onChange(count - 1)}
        />
        <NumberField label={t('settings.count')} value={count} min={1} max={most} onChange={onChange} />
        <Button
          icon={Plus}
          label={t('settings.more')}
          tooltip={false}
          disabled={count >= most}
          onClick={() => onChange(count + 1)}
        />
      </div>
    </div>
  );
}

interface FieldsProps {
  readonly model: ModelCapabilities;
  readonly capabilities: Capabilities;
  readonly ask: Ask;
}

function Fields({ model, capabilities, ask }: FieldsProps) {
  const { session } = useApp();
  const t = useTranslate();
  const sizes = sizeOptions(model, ask.mode);
  return (
    <>
      {sizes.length > 0 ? (
        <SelectField
          label={t('settings.size')}
          value={sizes.includes(ask.size) ? ask.size : 'auto'}
          options={sizes.map((size) => ({
            value: size,
            label: size === 'auto' ? t('settings.size.auto') : sizeText(size),
          }))}
          onChange={(size) => session.setAsk({ size })}
        />
      ) : (
        <p className="field-note">{t('settings.size.edit')}</p>
      )}
      <ModelField capabilities={capabilities} model={model} />
      {model.qualities.length > 1 && (
        <SelectField
          label={t('settings.quality')}
          value={ask.quality ?? ''}
          options={[
            { value: '', label: t('settings.quality.auto') },
            ...model.qualities
              .filter((quality) => quality !== 'auto')
              .map((quality) => ({ value: quality, label: t(`quality.${quality}`) })),
          ]}
          onChange={(quality) => session.setAsk({ quality: quality || null })}
        />
      )}
    </>
  );
}

/** What the popover holds; fetched when it is first opened. */
export default function SettingsFields() {
  const { session } = useApp();
  const ask = useSession((state) => state.ask);
  const service = useUi((state) => state.service);
  const model = modelOf(service, ask);
  const answering = serviceOf(service, ask);
  const most = model?.maxResults ?? 10;
  return (
    <>
      <CountField
        count={Math.min(ask.count, most)}
        most={most}
        onChange={(next) => session.setAsk({ count: next })}
      />
      {model && service.state === 'ready' && (
        <Fields model={model} capabilities={service.capabilities} ask={ask} />
      )}
      {model && answering?.kind === 'openai' && <ServiceSettings service={answering} model={model} />}
    </>
  );
}
