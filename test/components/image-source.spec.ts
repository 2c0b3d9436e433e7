import * as assert from "node:assert/strict";
import * as path from "node:path";
import { z } from "zod";
import {
  followedTag,
  followedTagOfService,
  imageSource,
} from "../../components/image/image-source";
import { parseSettings } from "../../components/support/parse-settings";
import { textInput } from "../../components/support/rules";
import { itRefuses, itTakes } from "./support";

const context = path.join(__dirname, "image.fixture");

/** Something that keeps running, with a release, as a service has. */
const settings = imageSource(
  z.strictObject({
    image: textInput(),
    port: z.int().optional(),
    release: z.strictObject({}).optional(),
  }),
  followedTagOfService,
);

const CONTRADICTION = {
  rule: "contradicts image: exactly one of image, build, repository says what runs",
  allowed: "one of image, build, repository",
  fix: "remove all but one of them",
};
const NO_RELEASE = {
  rule: "would be left out: a push rolls the service at ECS itself, and nothing could run before",
  allowed: "release with image, with build, or with repository.rollOnPush: false",
  fix: "set repository.rollOnPush to false and let a pipeline roll it, which runs the release before",
};

describe("the settings of what runs an image", () => {
  itTakes(
    settings,
    {},
    {
      "an image": { image: "nginx:1.29" },
      "what to build": { build: { context } },
      "a repository": { repository: { name: "api" } },
      "another tag of it": { repository: { name: "api", tag: "v1.2_rc-3" } },
      "a release before an image": { image: "nginx:1.29", release: {} },
      "a release where pushes roll nothing": {
        repository: { name: "api", rollOnPush: false },
        release: {},
      },
    },
  );

  itRefuses(
    settings,
    {},
    {
      "none of them": {
        change: { port: 80 },
        problem: {
          key: "image",
          value: undefined,
          rule: "is required where neither build nor repository says what runs",
          allowed: "REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@sha256:DIGEST",
          fix: "name the image, or add build with the folder to build it from, or repository with the one that it is pushed to",
        },
      },
      "an image and a build": {
        change: { image: "nginx:1.29", build: { context } },
        problem: { key: "build", value: { context }, ...CONTRADICTION },
      },
      "an image and a repository": {
        change: { image: "nginx:1.29", repository: { name: "api" } },
        problem: { key: "repository", value: { name: "api" }, ...CONTRADICTION },
      },
      "a build that is wrong": {
        change: { build: { context: "nowhere" } },
        problem: {
          key: "build.context",
          value: "nowhere",
          rule: "is not a folder",
          allowed: "a folder, as seen from the folder of Pulumi.yaml",
          fix: "create it, or correct the path",
        },
      },
      "a tag that no image can have": {
        change: { repository: { name: "api", tag: "live:1" } },
        problem: {
          key: "repository.tag",
          value: "live:1",
          rule: "is not a tag of an image",
          allowed: "letters, digits and _ . -, at most 128, starting with a letter, a digit or _",
          fix: 'write it like "live"',
        },
      },
      "a release before an image that rolls by itself": {
        change: { repository: { name: "api" }, release: {} },
        problem: { key: "release", value: {}, ...NO_RELEASE },
      },
    },
  );

  it("refuse all but the first of three", () => {
    const three = { image: "nginx:1.29", build: { context }, repository: { name: "api" } };
    const { problems } = parseSettings(settings, three, "");
    assert.deepEqual(
      problems.map(({ key, rule }) => [key, rule]),
      [
        ["build", CONTRADICTION.rule],
        ["repository", CONTRADICTION.rule],
      ],
    );
  });

  it("follow the tag live, whose pushes roll a service", () => {
    const { value } = parseSettings(settings, { repository: { name: "api" } }, "");
    assert.deepEqual(value, { repository: { name: "api", tag: "live", rollOnPush: true } });
  });

  it("let no push roll what runs once", () => {
    const task = imageSource(z.strictObject({ image: textInput() }), followedTag);
    const repository = { name: "api", rollOnPush: false };
    const { problems } = parseSettings(task, { repository }, "");
    assert.deepEqual(
      problems.map(({ key, rule }) => [key, rule]),
      [["repository.rollOnPush", "is not a known key"]],
    );
  });

  it("keep the rules that were there", () => {
    const { problems } = parseSettings(settings, { image: "nginx:1.29", port: 1.5 }, "");
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["port"],
    );
  });
});
