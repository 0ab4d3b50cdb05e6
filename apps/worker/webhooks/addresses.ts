import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Rejected } from '#platform';

/*
 * Where a webhook may go: out of the house, over https. An address is looked at again at the moment of connecting, for a name
 * may resolve to another one by then. With `allowPrivate` the receiver may stand in the house, and on this machine over http.
 */

const inside = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6');

/** Whether an IP address lies in a private, local or reserved network (IANA's special-purpose registries). */
export function isInside(address: string): boolean {
  const family = isIP(address);
  return family === 0 || inside.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');
const isThisMachine = (hostname: string) => hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);

/** @throws Rejected `wrong_webhook_url` for an address that nothing may be sent to. */
export function refuseAddress(address: string, allowPrivate: boolean): void {
  const refused = (message: string) => new Rejected('wrong_webhook_url', `url: ${message}`, { path: 'url' });
  if (!URL.canParse(address)) throw refused('is not an address');
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') throw refused('must not hold a name or a password');
  if (protocol !== 'https:' && !(protocol === 'http:' && isThisMachine(hostname))) throw refused('must begin with https://');
  const isPrivate = isThisMachine(hostname) || (isIP(bare(hostname)) !== 0 && isInside(bare(hostname)));
  if (isPrivate && !allowPrivate) throw refused('lies inside the house: WEBHOOKS_INSIDE allows it');
}

/** Resolves a name for a connection, and gives none of an address inside the house. */
export const outside =
  (allowPrivate: boolean): LookupFunction =>
  (hostname, options, answer) =>
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[] = []) => {
      const open = allowPrivate ? addresses : addresses.filter(({ address }) => !isInside(address));
      const [first] = open;
      if (error !== null) answer(error, '');
      else if (first === undefined) answer(new Error(`${hostname} lies inside the house`), '');
      else if (options.all === true) answer(null, open);
      else answer(null, first.address, first.family);
    });
