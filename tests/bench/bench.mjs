import { AppServer } from '../tools/app-server.mjs';
import { BenchBrowser } from './bench-browser.mjs';
import { openBenchData, removeBenchData } from './bench-data.mjs';
import { buildPage, buildProduct } from './build.mjs';
import { BenchServer } from './serve/bench-server.mjs';
import { openPeer } from './serve/peer.mjs';

/** What every measure works with: data, the product serving it, one browser, the peer's server. */
export class Bench {
  #origins = 0;

  /**
   * @param {import('./bench-data.mjs').BenchData} data @param {AppServer} product
   * @param {BenchServer} server @param {BenchBrowser} browser @param {import('./serve/peer.mjs').Peer | null} peer
   * @param {import('./run-options.mjs').RunOptions} options
   */
  constructor(data, product, server, browser, peer, options) {
    this.data = data;
    this.product = product;
    this.server = server;
    this.browser = browser;
    this.peer = peer;
    this.options = options;
  }

  /** @param {import('./run-options.mjs').RunOptions} options @param {boolean} withPeer */
  static async open(options, withPeer) {
    buildProduct();
    const data = await openBenchData(options.quick ? 1_000 : 10_000);
    const pageFolder = await buildPage();
    // The machine's own clock: the page's is not told another one.
    const product = new AppServer({ dataFolder: data.folder, env: { PRACTICE_CITY: '0', PRACTICE_NOW: '' } });
    const peer = withPeer ? await openPeer(data.json) : null;
    try {
      await product.start();
      const server = new BenchServer({
        pageFolder,
        json: data.json,
        product: `http://127.0.0.1:${product.port}`,
        peer: peer?.url ?? null,
      });
      await server.start();
      return new Bench(data, product, server, await BenchBrowser.open(), peer, options);
    } catch (error) {
      await peer?.close();
      await product.kill();
      removeBenchData(data);
      throw error;
    }
  }

  /** A name whose storage nobody has used. @param {string} side */
  freshName(side) {
    this.#origins += 1;
    return `${side}-${this.#origins}`;
  }

  /**
   * Throws where a side answered something else: a fast wrong answer is no figure.
   *
   * @param {string} side @param {{ count: number, hash: string }} answer
   */
  verify(side, { count, hash }) {
    const { expected } = this.data.prepared;
    if (count === expected.count && hash === expected.hash) return;
    throw new Error(`${side} answered ${count} ${hash}, and ${expected.count} ${expected.hash} is right`);
  }

  async close() {
    await this.browser.close();
    await this.server.stop();
    await this.product.stop();
    await this.peer?.close();
    removeBenchData(this.data);
  }
}
