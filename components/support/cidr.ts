/** An IPv4 block: its first address as a number, and its prefix length. */
export interface Cidr {
  readonly address: number;
  readonly prefix: number;
}

/** Parses "10.0.0.0/16"; undefined unless four octets, a prefix, and no bit set behind the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [first = 0, second = 0, third = 0, fourth = 0, prefix = 0] = match.slice(1).map(Number);
  if ([first, second, third, fourth].some((octet) => octet > 255) || prefix > 32) return undefined;
  const address = ((first * 256 + second) * 256 + third) * 256 + fourth;
  return address % 2 ** (32 - prefix) === 0 ? { address, prefix } : undefined;
}

/** "10.0.0.0/16" from its parts. */
export function formatCidr({ address, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** The `index`-th of the equal blocks of length `prefix` that `block` divides into. */
export function subBlock(block: Cidr, prefix: number, index: number): Cidr {
  return { address: block.address + index * 2 ** (32 - prefix), prefix };
}

/** Whether `inner` lies in `outer` wholly. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  const size = ({ prefix }: Cidr) => 2 ** (32 - prefix);
  return (
    inner.address >= outer.address && inner.address + size(inner) <= outer.address + size(outer)
  );
}
