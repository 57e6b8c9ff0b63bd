// `node --import ./test/support/typescript.mjs src/main.ts` runs the sources as they are.
import { register } from 'node:module';

register('./typescript-loader.mjs', import.meta.url);
