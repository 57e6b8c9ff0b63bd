import { Loader } from '@mantine/core';

export function Loading({ label = 'Loading' }: { label?: string }) {
  return (
    <div className="loading" role="status">
      <Loader size="sm" color="gray" />
      <span className="only-read-aloud">{label}</span>
    </div>
  );
}
