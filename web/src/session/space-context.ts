import { createContext } from 'react';

/** The space one looks at, as it stands in the address: its id or its uid. Null on pages of the whole instance. */
export const SpaceContext = createContext<string | null>(null);
