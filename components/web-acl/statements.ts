import type * as aws from "@pulumi/aws";

export type Statement = aws.types.input.wafv2.WebAclRuleStatement;

/** Requests to one of the paths; * stands for any characters. */
export function pathIsOneOf(paths: readonly string[]): Statement {
  return {
    regexMatchStatement: {
      regexString: patternOf(paths),
      fieldToMatch: { uriPath: {} },
      textTransformations: [{ priority: 0, type: "NONE" }],
    },
  };
}

/** Requests for one of the hosts, which clients may write in capitals; * stands for any characters. */
export function hostIsOneOf(hosts: readonly string[]): Statement {
  return {
    regexMatchStatement: {
      regexString: patternOf(hosts.map((host) => host.toLowerCase())),
      fieldToMatch: { singleHeader: { name: "host" } },
      textTransformations: [{ priority: 0, type: "LOWERCASE" }],
    },
  };
}

/** Requests that one of the statements means. WAF refuses an "or" of a single one. */
export function anyOf(statements: readonly Statement[]): Statement {
  const [first, ...others] = statements;
  return first !== undefined && others.length === 0
    ? first
    : { orStatement: { statements: [...statements] } };
}

/** Characters of a pattern that WAF takes. */
export const MOST_PATTERN = 512;

/** WAF takes no groups that capture. */
export function patternOf(texts: readonly string[]): string {
  const patterns = texts.map((text) =>
    text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*"),
  );
  return `^(?:${patterns.join("|")})$`;
}
