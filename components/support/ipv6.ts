import { isIPv6 } from "node:net";

/** Whether a text is an IPv6 block as AWS writes it: the shortest form, with no bit set behind the prefix. */
export function isIpv6Block(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^[0-9a-f:]+$/.test(address) || !isIPv6(address)) return false;
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > 128) return false;
  // Addresses in URLs are written in their shortest form.
  if (new URL(`http://[${address}]`).hostname !== `[${address}]`) return false;
  return bitsOf(address) % 2n ** BigInt(128 - Number(prefix)) === 0n;
}

function bitsOf(address: string): bigint {
  const [left = [], right = []] = address
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  const groups = [...left, ...zeros, ...right].map((group) => group.padStart(4, "0"));
  return BigInt(`0x${groups.join("")}`);
}
