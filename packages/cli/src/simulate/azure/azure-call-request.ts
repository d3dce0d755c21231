import { z } from 'zod';
import type { Voice } from '../audio.ts';
import { hangUpAfterMs, voice } from '../shapes.ts';

/** Somebody on a call of Azure. */
export interface AzureParticipantRequest {
  readonly name: string;
  /** `+15550100`, a raw id such as `8:acs:…`, or a word: a user of the resource. Default the name. */
  readonly address?: string | undefined;
  /** User id of an agent of Teams Phone, in place of `address`. */
  readonly teamsUser?: string | undefined;
  readonly voice?: Voice;
}

/**
 * A call of Azure: with `callbackUri` the application has just answered it; with `from` and `to` it rings there, by
 * Event Grid; with neither it goes on without the application, as calls of client SDKs do.
 */
export interface AzureCallRequest {
  readonly provider: 'azure';
  readonly callbackUri?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Lets text be spoken; of a call that rings, the application gives its own. */
  readonly cognitiveServicesEndpoint?: string | undefined;
  readonly operationContext?: string | undefined;
  readonly profile?: 'acs-standalone' | 'teams-phone' | undefined;
  readonly groupCallId?: string | undefined;
  readonly roomId?: string | undefined;
  readonly participants: readonly AzureParticipantRequest[];
  readonly hangUpAfterMs?: number | undefined;
}

const participant = z
  .strictObject({
    name: z.string().min(1),
    address: z.string().min(1).optional(),
    teamsUser: z
      .string()
      .regex(/^[\w-]+$/)
      .optional(),
    voice: voice.optional(),
  })
  .refine(({ address, teamsUser }) => address === undefined || teamsUser === undefined, {
    message: 'give address or teamsUser, not both',
    path: ['teamsUser'],
  });

const ofApplication = ['cognitiveServicesEndpoint', 'operationContext'] as const;

/** Everything of `POST /calls` with the provider `azure`. */
export const azureCall: z.ZodType<AzureCallRequest> = z
  .strictObject({
    provider: z.literal('azure'),
    callbackUri: z.url({ protocol: /^https?$/ }).optional(),
    from: z.string().min(1).optional(),
    to: z.string().min(1).optional(),
    cognitiveServicesEndpoint: z.url().optional(),
    operationContext: z.string().min(1).max(256).optional(),
    profile: z.enum(['acs-standalone', 'teams-phone']).optional(),
    groupCallId: z.string().min(1).optional(),
    roomId: z.string().min(1).optional(),
    participants: z.array(participant).min(1),
    hangUpAfterMs,
  })
  .superRefine((call, context) => {
    const wrong = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const { callbackUri, from, to, participants } = call;
    if ((from === undefined) !== (to === undefined))
      wrong(from === undefined ? 'from' : 'to', 'goes with the other one');
    if (callbackUri !== undefined && from !== undefined) {
      wrong('callbackUri', 'is of a call that was answered, from and to are of one that rings');
    }
    for (const name of ofApplication) {
      if (callbackUri === undefined && call[name] !== undefined) wrong(name, 'goes with callbackUri');
    }
    const names = participants.map(({ name }) => name);
    if (new Set(names).size < names.length) wrong('participants', 'each need a name of their own');
  });

/** The body of `POST /calls/{id}/participants`. */
export const azureParticipant: z.ZodType<AzureParticipantRequest> = participant;
