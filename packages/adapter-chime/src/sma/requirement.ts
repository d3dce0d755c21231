import type { Output, Requirement } from '@onrecord/core';
import { chimeSmaCapabilities } from './capabilities.ts';

export function chooseOutput(requirement: Requirement): Output {
  void requirement;
  return chimeSmaCapabilities.outputs[0];
}
