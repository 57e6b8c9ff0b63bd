/** `require('posthorn')`: the same modules, which Node loads by `require` since 20.19 and 22.12. */
export * from './index.js';
