import { register } from 'node:module';

export default async function globalSetup() {
  register('./typescript-loader.mjs', import.meta.url);
  const { startTestCluster } = await import('./test-cluster.ts');
  globalThis.testCluster = await startTestCluster();
}
