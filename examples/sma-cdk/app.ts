import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { bundleFunction } from './bundle.ts';
import { SmaStack } from './stack.ts';

const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region, SMA_IDS = '' } = process.env;
if (!account || !region) throw new Error('Run this by `npx cdk synth` or `npx cdk deploy`, with AWS credentials.');

const code = mkdtempSync(join(tmpdir(), 'sma-function-'));
await bundleFunction(code);
const applicationIds = SMA_IDS.split(',').filter((id) => id !== '');
const app = new App();
new SmaStack(app, 'OnRecordSma', {
  account,
  region,
  recordings: `recordings-${account}-${region}`,
  sessions: `sessions-${account}-${region}`,
  ...(applicationIds.length > 0 ? { applicationIds } : {}),
  code,
});
app.synth();
