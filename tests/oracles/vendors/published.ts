// The types of requests, as the vendors publish them: Slack's, PagerDuty's and GitHub's own packages;
// jira.js, which is made from Atlassian's OpenAPI document.

import type { operations } from "@octokit/openapi-types";
import type { EventPayloadV2 } from "@pagerduty/pdjs/build/src/events";
import type { ChatPostMessageArguments } from "@slack/web-api";
import type { IncomingWebhookSendArguments } from "@slack/webhook";
import type { Version2Parameters } from "jira.js";

type Body<Name extends keyof operations> = operations[Name] extends {
  requestBody?: { content: { "application/json": infer Content } };
}
  ? Content
  : never;

export type SlackMessage = ChatPostMessageArguments;
// `mrkdwn` is in Slack's "Formatting text for app surfaces", and in the type of chat.postMessage.
export type SlackWebhook = IncomingWebhookSendArguments & Pick<ChatPostMessageArguments, "mrkdwn">;
// `client` and `client_url` are in PagerDuty's OpenAPI document (createV2Event).
export type PagerDutyTrigger = EventPayloadV2 & { client?: string; client_url?: string };
// The document asks for a payload of a trigger only.
export type PagerDutyResolve = Omit<EventPayloadV2, "payload">;
export type GitHubIssue = Body<"issues/create">;
export type GitHubComment = Body<"issues/create-comment">;
export type GitHubUpdate = Body<"issues/update">;
export type JiraIssue = Version2Parameters.CreateIssue;
// What jira.js takes as `comment` it sends as `body`, as Atlassian's document has it.
export type JiraComment = Omit<Version2Parameters.AddComment, "issueIdOrKey" | "comment"> & {
  body?: Version2Parameters.AddComment["comment"];
};
export type JiraTransition = Omit<Version2Parameters.DoTransition, "issueIdOrKey">;
