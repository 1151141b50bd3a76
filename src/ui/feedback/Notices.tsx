import { X } from 'lucide-react';
import { Toast } from 'radix-ui';
import { useApp, useTranslate, useUi } from '../app.ts';
import { Button } from '../controls/Button.tsx';
import { say } from '../messages/say.ts';

/** Calm words in the corner that go away by themselves. */
export function Notices() {
  const { ui } = useApp();
  const t = useTranslate();
  const notices = useUi((state) => state.notices);
  return (
    <Toast.Provider label={t('notice')} duration={6000} swipeDirection="right">
      {notices.map((notice) => (
        <Toast.Root
          key={notice.id}
          className="notice panel"
          onOpenChange={(open) => {
            if (!open) ui.dismissNotice(notice.id);
          }}
        >
          <Toast.Description>{say(t, notice)}</Toast.Description>
          <Toast.Close asChild>
            <Button icon={X} label={t('notice.dismiss')} />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="notices" label={t('notices')} />
    </Toast.Provider>
  );
}
