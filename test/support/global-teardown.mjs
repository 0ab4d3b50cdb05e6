export default async function teardown() {
  await globalThis.afterglowTestServer?.stop();
}
