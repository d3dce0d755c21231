import type { AzureOptions } from '../../config/options.ts';
import type { AzureCallAutomationDriver } from '../../driver.ts';
import { openScene, type Scene, type SceneOptions } from '../../testing/scene.ts';
import type { EntraClientSecret, EntraOptions } from '../entra-options.ts';

/** A scene with drivers that come by tokens. */
export interface EntraScene extends Scene {
  /** The application that the simulated directory knows. */
  readonly app: EntraClientSecret & { readonly clientSecret: string };
  /** A driver that gets its tokens so; default: by the secret of {@link app}. */
  entra(entra?: EntraOptions, more?: Partial<AzureOptions>): AzureCallAutomationDriver;
  /** A driver with this credential. */
  holding(credential: AzureOptions['credential'], more?: Partial<AzureOptions>): AzureCallAutomationDriver;
  /** Starts a recording, or throws what the driver does. */
  startWith(driver: AzureCallAutomationDriver): Promise<void>;
  tokens(): number;
}

export async function openEntraScene(options: SceneOptions = {}): Promise<EntraScene> {
  const scene = await openScene(options);
  const { endpoint, entra } = scene.azure;
  const app = { type: 'client-secret', disableInstanceDiscovery: true, ...entra } as const;
  const holding = (credential: AzureOptions['credential'], more: Partial<AzureOptions> = {}) =>
    scene.another({ connectionString: undefined, endpoint, credential, ...more });
  return {
    ...scene,
    app,
    holding,
    entra: (identity = app, more) => holding({ entra: identity }, more),
    startWith: async (driver) => {
      await driver.doStart(scene.plan(), scene.context);
    },
    tokens: () => scene.requests('GetToken').length,
  };
}
