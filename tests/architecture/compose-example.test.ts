import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readEnvironmentFiles } from '../../src/gateway/secrets/environment-files.ts';
import { readSettings } from '../../src/gateway/settings.ts';
import { ROOT } from './source-files.ts';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly (string | { source: string; target: string })[];
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { internal?: boolean } | null>>;
  readonly secrets: Readonly<Record<string, { file: string }>>;
}

const text = readFileSync(join(ROOT, 'couch/compose.example.yml'), 'utf8');
const compose = parse(text) as Compose;
const proxyFile = readFileSync(join(ROOT, 'couch/Caddyfile.example'), 'utf8');
const services = Object.entries(compose.services);

describe('the example of a deployment', () => {
  it('has a proxy, a gateway and CouchDB, each of a named version', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['couchdb', 'gateway', 'proxy']);
    for (const [name, { image }] of services) expect(image, name).toMatch(/^[a-z]+:\d+[\w.-]*$/);
  });

  it('opens the proxy’s ports to the outside and nobody else’s', () => {
    for (const [name, { ports = [] }] of services) {
      if (name === 'proxy')
        expect(ports.map((port) => port.split('/')[0])).toEqual(['80:80', '443:443', '443:443']);
      else expect(ports, name).toEqual([]);
    }
  });

  it('lets CouchDB share a network with the gateway alone, and with no way out', () => {
    const { networks } = compose.services.couchdb as Service;
    expect(networks).toHaveLength(1);
    const [network = ''] = networks;
    expect(compose.networks[network]).toEqual({ internal: true });
    const others = services.filter(
      ([name, service]) => name !== 'couchdb' && service.networks.includes(network),
    );
    expect(others.map(([name]) => name)).toEqual(['gateway']);
  });

  it('gives the gateway no way out but through the proxy', () => {
    const { networks } = compose.services.gateway as Service;
    for (const network of networks) expect(compose.networks[network], network).toEqual({ internal: true });
  });

  it('can change nothing of itself and gain no privilege', () => {
    for (const [name, service] of services) {
      expect(service.read_only, name).toBe(true);
      expect(service.security_opt, name).toContain('no-new-privileges:true');
      expect(service.cap_drop, name).toEqual(['ALL']);
      expect(service.privileged, name).toBeUndefined();
      expect(service.cap_add ?? [], name).toEqual(name === 'proxy' ? ['NET_BIND_SERVICE'] : []);
      if (name !== 'proxy') expect(service.user, name).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      for (const volume of service.volumes ?? []) {
        const isOfHost = /^\.{0,2}\//.test(volume);
        if (isOfHost) expect(volume, name).toMatch(/:ro$/);
        expect(volume).not.toContain('docker.sock');
      }
    }
  });

  it('holds every secret as a file and none in the environment', () => {
    for (const [name, { environment = {}, secrets = [] }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        expect(`${variable}=${value}`, name).not.toMatch(/:\/\/[^/]*:[^/]*@/);
        if (/SECRET|PASSWORD|TOKEN|COUCHDB_URL/.test(variable)) {
          expect(variable, name).toMatch(/_FILE$/);
          const secret = value.replace('/run/secrets/', '');
          expect(secrets, `${name} is given ${secret}`).toContain(secret);
        }
      }
      for (const secret of secrets) {
        expect(Object.keys(compose.secrets)).toContain(typeof secret === 'string' ? secret : secret.source);
      }
    }
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\.\/secrets\//);
    expect(readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n')).toContain('/secrets/');
  });

  it('starts the gateway with settings that it understands', () => {
    const { environment = {} } = compose.services.gateway as Service;
    const read = readSettings({ ...environment, COUCHDB_URL: 'http://admin:pw@couchdb:5984' });
    expect(read).toMatchObject({
      ok: true,
      settings: { trustProxy: true, practiceCity: false, port: 8080, host: '0.0.0.0' },
    });
    // The names of the files are those that the start reads.
    expect(readEnvironmentFiles(environment)).toEqual({ ok: false, name: 'COUCHDB_URL' });
    expect(proxyFile).toContain(`reverse_proxy gateway:${environment.PORT}`);
  });

  it('has a proxy that nobody administers from outside and that bounds what it takes', () => {
    expect(proxyFile).toMatch(/^\tadmin off$/m);
    expect(proxyFile).toMatch(/max_size 8MB/);
    // TLS is Caddy's for a named site; http:// or :80 as its address would turn it off.
    expect(proxyFile).toMatch(/^\{\$SITE\} \{$/m);
    expect(proxyFile).not.toMatch(/http:\/\/|:80\b|tls internal|auto_https off/);
  });

  it('names only files that are there', () => {
    for (const [, { volumes = [] }] of services) {
      for (const volume of volumes) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('./')) expect(existsSync(join(ROOT, 'couch', from)), from).toBe(true);
      }
    }
  });
});
