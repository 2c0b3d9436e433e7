import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { ResourceMonitorFeature } from "@pulumi/pulumi/proto/resource_pb";

import { computedId, computedOutputs, type ResourceIdentity } from "./computed-outputs";
import { answerInvoke, type InvokeMock } from "./invokes";
import type { JsonObject } from "./json";
import { mockRegion } from "./mock-aws";
import {
  openRecord,
  type OpenRecord,
  type RecordedKind,
  type RecordedResource,
} from "./recorded-resource";
import { optionsOf, optionsOfRead } from "./request-options";
import { invokeResponse, plainObject, registrationResponse, withDetails } from "./wire-messages";
import { asSecret, decodeWireValues } from "./wire-values";

/** Type of the resource that stands for the stack; the parent of everything without another. */
export const stackType = "pulumi:pulumi:Stack";

/** Computes the outputs of one resource type in place of the table in computed-outputs.ts. */
export type ResourceMock = (resource: ResourceIdentity) => JsonObject;

/** What a run asks of its monitor. */
export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  readonly invokes: Readonly<Record<string, InvokeMock>>;
  readonly resources: Readonly<Record<string, ResourceMock>>;
  /** Told about every request that fails, also when the program goes on to ignore the failure. */
  readonly onError: (error: Error) => void;
}

type Callback = (error: Error | null, response?: unknown) => void;

/** The engine's side of a run: answers the runtime's requests and keeps what they said. */
export interface RecordingMonitor {
  /** Everything registered so far except the stack itself, in the order it arrived. */
  readonly resources: readonly RecordedResource[];
  /** The record of the stack, whose outputs are the program's. */
  readonly stack: () => RecordedResource | undefined;
  /** True once the outputs of the resource with this URN have arrived. */
  readonly hasOutputs: (urn: string) => boolean;
  /** Requests answered so far: a number that stands still when nothing happens. */
  readonly requestCount: () => number;
  registerResource(request: RegisterResourceRequest, callback: Callback): void;
  registerResourceOutputs(request: RegisterResourceOutputsRequest, callback: Callback): void;
  readResource(request: ReadResourceRequest, callback: Callback): void;
  invoke(request: ResourceInvokeRequest, callback: Callback): void;
  getDeploymentInfo(request: unknown, callback: Callback): void;
}

/** Without these the runtime refuses transforms, which no mock would ever run. */
const features = [
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS,
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
  ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
];

/** Makes the monitor of one run. */
export function createMonitor(options: MonitorOptions): RecordingMonitor {
  const records = new Map<string, OpenRecord>();
  const resources: RecordedResource[] = [];
  let stack: RecordedResource | undefined;
  let requestCount = 0;

  /** Answers a request; whatever goes wrong fails the request and the run. */
  function answer(callback: Callback, respond: () => unknown): void {
    requestCount += 1;
    try {
      callback(null, respond());
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      options.onError(error);
      callback(withDetails(error));
    }
  }

  function keep(record: OpenRecord): void {
    const { resource } = record;
    if (records.has(resource.urn)) {
      throw new Error(
        `duplicate URN ${resource.urn}: two resources have the same parents, type and name`,
      );
    }
    records.set(resource.urn, record);
    if (resource.type === stackType) {
      stack = resource;
    } else {
      resources.push(resource);
    }
  }

  function urnOf(parent: string, type: string, name: string): string {
    const parentType = parent === "" ? stackType : (parent.split("::")[2] ?? "");
    const qualifiedType = parentType === stackType ? type : `${parentType}$${type}`;
    return `urn:pulumi:${options.stack}::${options.project}::${qualifiedType}::${name}`;
  }

  function regionOf(inputs: JsonObject, provider: string | undefined): string {
    const providerInputs = provider === undefined ? {} : records.get(provider)?.resource.inputs;
    const region = inputs["region"] ?? providerInputs?.["region"];
    return typeof region === "string" ? region : mockRegion;
  }

  /** Records a resource and returns its outputs, with secrets wrapped again. */
  function record(
    request: RegisterResourceRequest | ReadResourceRequest,
    kind: RecordedKind,
    raw: JsonObject,
    id: string,
  ): { urn: string; state: JsonObject } {
    const type = request.getType();
    const name = request.getName();
    const parent = request.getParent();
    const urn = urnOf(parent, type, name);
    const inputs = decodeWireValues(raw);
    const isTopLevel = parent === "" || records.get(parent)?.resource.type === stackType;
    const requested = "getCustom" in request ? optionsOf(request) : optionsOfRead(request);
    const open = openRecord({
      ...{ urn, type, name, kind, inputs },
      parent: isTopLevel ? undefined : parent,
      options: requested,
    });
    keep(open);
    if (kind === "component") {
      // A component's outputs come from registerOutputs. Naming its inputs here only spares the
      // runtime from working them out a second time.
      return { urn, state: Object.fromEntries(Object.keys(raw).map((key) => [key, null])) };
    }
    const region = regionOf(inputs.values, requested.provider);
    const resource = { type, name, id, region, inputs: inputs.values };
    const state = options.preview
      ? { ...raw }
      : { ...computedOutputs(resource), ...raw, ...options.resources[type]?.(resource) };
    for (const key of requested.additionalSecretOutputs) {
      if (state[key] !== undefined) {
        state[key] = asSecret(state[key]);
      }
    }
    open.setOutputs(decodeWireValues(state));
    return { urn, state };
  }

  return {
    resources,
    stack: () => stack,
    hasOutputs: (urn) => records.get(urn)?.hasOutputs() ?? false,
    requestCount: () => requestCount,
    registerResource: (request, callback) => {
      answer(callback, () => {
        const isCustom = request.getCustom() || request.getRemote();
        // In a preview the provider has not created anything, so there is no id yet.
        const hasId = request.getCustom() && !options.preview;
        const id = hasId ? computedId(request.getName()) : "";
        const raw = plainObject(request.getObject());
        const { urn, state } = record(request, isCustom ? "custom" : "component", raw, id);
        return registrationResponse(urn, id, state);
      });
    },
    readResource: (request, callback) => {
      answer(callback, () => {
        const raw = plainObject(request.getProperties());
        const { urn, state } = record(request, "read", raw, request.getId());
        return registrationResponse(urn, request.getId(), state);
      });
    },
    registerResourceOutputs: (request, callback) => {
      answer(callback, () => {
        const open = records.get(request.getUrn());
        if (open === undefined) {
          throw new Error(`outputs registered for an unknown resource ${request.getUrn()}`);
        }
        open.setOutputs(decodeWireValues(plainObject(request.getOutputs())));
        return {};
      });
    },
    invoke: (request, callback) => {
      requestCount += 1;
      answerInvoke(options.invokes, request.getTok(), plainObject(request.getArgs())).then(
        (result) => {
          callback(null, invokeResponse(result));
        },
        (error: Error) => {
          options.onError(error);
          callback(withDetails(error));
        },
      );
    },
    getDeploymentInfo: (_request, callback) => {
      callback(null, { getSupportedfeaturesList: () => features });
    },
  };
}
