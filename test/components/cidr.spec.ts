import * as assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Cidr,
  contains,
  formatCidr,
  parseCidr,
  subBlock,
} from "../../components/support/cidr";

const blocks = fc
  .integer({ min: 0, max: 32 })
  .chain((prefix) =>
    fc
      .integer({ min: 0, max: 2 ** prefix - 1 })
      .map((index): Cidr => ({ address: index * 2 ** (32 - prefix), prefix })),
  );

/** A block, and one of the equal parts that it divides into. */
const blocksWithPart = blocks.chain((block) =>
  fc
    .integer({ min: block.prefix, max: 32 })
    .chain((prefix) =>
      fc
        .integer({ min: 0, max: 2 ** (prefix - block.prefix) - 1 })
        .map((index) => ({ block, prefix, index })),
    ),
);

describe("CIDR blocks", () => {
  const texts: Record<string, Cidr> = {
    "0.0.0.0/0": { address: 0, prefix: 0 },
    "10.0.0.0/16": { address: 0x0a000000, prefix: 16 },
    "192.168.255.240/28": { address: 0xc0a8fff0, prefix: 28 },
    "255.255.255.255/32": { address: 0xffffffff, prefix: 32 },
  };
  for (const [text, block] of Object.entries(texts)) {
    it(`reads and writes ${text}`, () => {
      assert.deepEqual(parseCidr(text), block);
      assert.equal(formatCidr(block), text);
    });
  }

  for (const text of [
    "",
    "10.0.0.0",
    "10.0.0/16",
    "10.0.0.0/33",
    "256.0.0.0/16",
    "10.256.0.0/16",
    "10.0.256.0/24",
    "10.0.0.256/32",
    "10.0.0.1/31",
    "10.1.0.0/8",
    " 10.0.0.0/16",
    "10.0.0.0/16 ",
    "10.0.0.0/-1",
    "2001:db8::/32",
  ]) {
    it(`takes "${text}" for no block`, () => {
      assert.equal(parseCidr(text), undefined);
    });
  }

  it("reads back what it writes", () => {
    fc.assert(
      fc.property(blocks, (block) => {
        assert.deepEqual(parseCidr(formatCidr(block)), block);
      }),
    );
  });

  it("writes back what it reads", () => {
    fc.assert(
      fc.property(blocks.map(formatCidr), (text) => {
        assert.equal(formatCidr(parseCidr(text) as Cidr), text);
      }),
    );
  });

  it("divides a block into parts that lie in it and are blocks again", () => {
    fc.assert(
      fc.property(blocksWithPart, ({ block, prefix, index }) => {
        const part = subBlock(block, prefix, index);
        assert.ok(contains(block, part));
        assert.deepEqual(parseCidr(formatCidr(part)), part);
      }),
    );
  });

  it("numbers the parts without gap", () => {
    fc.assert(
      fc.property(blocksWithPart, ({ block, prefix, index }) => {
        const [part, next] = [subBlock(block, prefix, index), subBlock(block, prefix, index + 1)];
        assert.equal(next.address - part.address, 2 ** (32 - prefix));
        assert.equal(subBlock(block, prefix, 0).address, block.address);
      }),
    );
  });

  const inside: [outer: string, inner: string, answer: boolean][] = [
    ["10.0.0.0/8", "10.0.0.0/8", true],
    ["10.0.0.0/8", "10.255.255.255/32", true],
    ["10.0.0.0/8", "11.0.0.0/32", false],
    ["10.0.0.0/8", "9.255.255.255/32", false],
    ["10.0.0.0/16", "10.0.0.0/15", false],
    ["0.0.0.0/0", "255.255.255.255/32", true],
  ];
  for (const [outer, inner, answer] of inside) {
    it(`says ${answer ? "yes" : "no"} to ${inner} in ${outer}`, () => {
      assert.equal(contains(parseCidr(outer) as Cidr, parseCidr(inner) as Cidr), answer);
    });
  }
});
