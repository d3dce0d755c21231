export { type Fetched, fetchAsterisk, fetchPackages, SuiteUnavailable } from './fetch-packages.ts';
export {
  type AsteriskAccess,
  type AsteriskExit,
  type AsteriskOptions,
  type AsteriskServer,
  startAsterisk,
} from './start-asterisk.ts';
export { type AsteriskSuite, asteriskSuites, cacheFolder, debianSuite, suiteOfVersion } from './suite.ts';
