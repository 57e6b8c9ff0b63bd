import type { Session } from '@posthorn/react';
import { createContext, useContext } from 'react';

/** What this link may do. The API refuses the rest; here it is not offered. */
export interface Rights {
  edit: boolean;
  retry: boolean;
  secrets: boolean;
  test: boolean;
}

export function rightsOf({ scope, rights }: Session): Rights {
  const may = (right: 'edit' | 'retry' | 'secrets' | 'test') =>
    rights ? rights.includes(right) : scope === 'manage' || scope === 'admin';
  return { edit: may('edit'), retry: may('retry'), secrets: may('secrets'), test: may('test') };
}

export const RightsContext = createContext<Rights>({
  edit: false,
  retry: false,
  secrets: false,
  test: false,
});

export function useRights(): Rights {
  return useContext(RightsContext);
}
