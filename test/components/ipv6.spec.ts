import * as assert from "node:assert/strict";
import { isIpv6Block } from "../../components/support/ipv6";

describe("isIpv6Block", () => {
  for (const [text, expected, why] of [
    ["::/0", true, "everybody"],
    ["2001:db8::/32", true, "a block"],
    ["2001:db8:0:1::/64", true, "a subnet"],
    ["2001:db8::7/128", true, "one address"],
    ["2001:db8:1:2:3:4:5:6/128", true, "an address with nothing left out"],
    ["8000::/1", true, "the upper half"],
    ["2001:db8::/31", true, "a prefix within a group"],
    ["2001:db9::/31", false, "a bit behind a prefix within a group"],
    ["2001:db8::1/64", false, "a bit behind the prefix"],
    ["::1/0", false, "a bit behind no prefix at all"],
    ["2001:DB8::/32", false, "capitals, which AWS gives back small"],
    ["2001:db8:0:0::/32", false, "zeros that AWS leaves out"],
    ["2001:0db8::/32", false, "a leading zero"],
    ["2001:db8::/129", false, "a prefix that is too long"],
    ["2001:db8::/032", false, "a prefix with a leading zero"],
    ["2001:db8::", false, "no prefix"],
    ["2001:db8::/32/32", false, "two prefixes"],
    ["2001:db8:::/32", false, "no address"],
    ["::ffff:192.0.2.0/120", false, "an IPv4 address inside"],
    ["10.0.0.0/8", false, "an IPv4 block"],
    ["", false, "nothing"],
  ] as const) {
    it(`says ${expected} of ${JSON.stringify(text)}: ${why}`, () => {
      assert.equal(isIpv6Block(text), expected);
    });
  }
});
