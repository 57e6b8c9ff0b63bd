import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';
import { IconButton } from './icon-button.js';

interface Props {
  text: string;
  /** What is copied, for people who hear the page. */
  label: string;
  /** Shows words beside the icon. */
  words?: boolean;
}

export function CopyButton({ text, label, words = false }: Props) {
  const { copy, copied } = useClipboard({ timeout: 1_500 });
  const icon = copied ? <Check size={14} /> : <Copy size={14} />;
  const said = (
    <span className="only-read-aloud" role="status">
      {copied ? 'Copied' : ''}
    </span>
  );
  if (words) {
    return (
      <Button variant="default" leftSection={icon} onClick={() => copy(text)}>
        {copied ? 'Copied' : label}
        {said}
      </Button>
    );
  }
  return (
    <IconButton
      size="sm"
      label={label}
      tip={copied ? 'Copied' : label}
      onClick={() => copy(text)}
      data-tip-end
    >
      {icon}
      {said}
    </IconButton>
  );
}
