import type { EcsService } from "../components";
import type { Connectable } from "../components/support/connection";

/**
 * Creates services in the order of their calls, each after those that it calls: a task learns only the names that are
 * there when its own service is deployed. The result is in the order of the configuration.
 */
export function createServices<Settings extends { readonly calls: readonly string[] }>(
  services: Readonly<Record<string, Settings>>,
  create: (
    settings: Settings,
    name: string,
    called: Readonly<Record<string, Connectable>>,
  ) => EcsService,
): Record<string, EcsService> {
  const made = new Map<string, EcsService>();
  const make = (name: string): EcsService | undefined => {
    const settings = services[name];
    if (settings === undefined) return undefined;
    const before = made.get(name);
    if (before !== undefined) return before;
    const called = Object.fromEntries(
      settings.calls.flatMap((key) => {
        const connection = make(key)?.connection;
        return connection === undefined ? [] : [[key, { connection }]];
      }),
    );
    const service = create(settings, name, called);
    made.set(name, service);
    return service;
  };
  return Object.fromEntries(
    Object.keys(services).flatMap((name) => {
      const service = make(name);
      return service === undefined ? [] : [[name, service]];
    }),
  );
}
