// Stands for http/docs.ts: the API in an application describes itself to nobody.
export const serveDocs = () => undefined;
