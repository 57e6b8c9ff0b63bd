import './typescript.mjs';

export default async function globalSetup() {
  const { startTestCluster } = await import('./test-cluster.ts');
  globalThis.testCluster = await startTestCluster();
}
