"""moto with the operations that documents need and moto lacks, each as AWS's API reference describes it.

Run as `moto_more.py -p PORT`. Where moto has got one of its own, this stops and says so: it is to be taken out here.
"""

import json
import os
import sys
from urllib.parse import unquote

# Before moto is imported, which looks once.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

from moto.athena.responses import AthenaResponse
from moto.cloudformation.responses import CloudFormationResponse
from moto.codebuild.exceptions import ResourceNotFoundException
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.responses import ElastiCacheResponse
from moto.guardduty import urls as guardduty
from moto.guardduty.responses import GuardDutyResponse
from moto.iam import models as iam
from moto.macie2.exceptions import AccessDeniedException
from moto.macie2.exceptions import ResourceNotFoundException as NoSession
from moto.macie2.responses import MacieResponse
from moto.server import main
from moto.sns.exceptions import InvalidParameterValue
from moto.sns.responses import SNSResponse
from moto.ssm.responses import SimpleSystemManagerResponse

# Of AWS's managed policies those that documents attach: all of them take seconds after each reset.
policies = json.loads(iam.aws_managed_policies_data)
attached = ("AWSSupportAccess", "AmazonSSMManagedInstanceCore")
iam.aws_managed_policies_data = json.dumps({name: policies[name] for name in attached})


def lacking(service):
    """An operation that moto's class of a service lacks, by the function's name."""

    def add(operation):
        name = operation.__name__
        if hasattr(service, name):
            sys.exit(f"moto has {service.__name__}.{name} now: take it out of {__file__}")
        setattr(service, name, operation)
        return operation

    return add


@lacking(AthenaResponse)
def update_work_group(self):
    """The members of ConfigurationUpdates that aren't given stay as they are."""
    group = self.athena_backend.work_groups[self._get_param("WorkGroup")]
    group.configuration.update(self._get_param("ConfigurationUpdates") or {})
    return "{}"


@lacking(CodeBuildResponse)
def update_project(self):
    """A member that is given replaces the whole of what was there: the environment with all its variables."""
    name = self._get_param("name")
    projects = self.codebuild_backend.codebuild_projects
    if name not in projects:
        raise ResourceNotFoundException(f"Project cannot be found: {name}")
    project = projects[name].project_metadata
    if self._get_param("environment"):
        project["environment"] = self._get_param("environment")
    return json.dumps({"project": project})


@lacking(ElastiCacheResponse)
def modify_cache_cluster(self):
    """Only what documents set."""
    name = self._get_param("CacheClusterId")
    (cluster,) = self.elasticache_backend.describe_cache_clusters(name)
    set_backups(self, cluster)
    upgrade = self._get_bool_param("AutoMinorVersionUpgrade")
    if upgrade is not None:
        cluster.auto_minor_version_upgrade = upgrade
    return ActionResult({"CacheCluster": cluster})


@lacking(ElastiCacheResponse)
def modify_replication_group(self):
    """Only what documents set."""
    name = self._get_param("ReplicationGroupId")
    (group,) = self.elasticache_backend.describe_replication_groups(replication_group_id=name)
    is_first = group.snapshot_retention_limit == 0 and not group.cluster_enabled
    set_backups(self, group)
    failover = self._get_bool_param("AutomaticFailoverEnabled")
    if failover is not None:
        group.automatic_failover = "enabled" if failover else "disabled"
    source = self._get_param("SnapshottingClusterId")
    assert source or not (is_first and group.snapshot_retention_limit), "AWS wants SnapshottingClusterId"
    if source is not None:
        assert source in group.member_clusters and not group.cluster_enabled, source
        group.snapshotting_cluster_id = source
    return ActionResult({"ReplicationGroup": group})


def set_backups(self, resource):
    """How many days backups are kept; 0 turns them off."""
    days = self._get_int_param("SnapshotRetentionLimit")
    if days is not None:
        resource.snapshot_retention_limit = days


def tags_of(self):
    """The tags of the detector whose ARN stands in the path."""
    arn = unquote(self.path.split("/tags/", 1)[1])
    detector = self.guardduty_backend.detectors[arn.rsplit("/", 1)[1]]
    detector.tags = detector.tags or {}
    return detector.tags


@lacking(GuardDutyResponse)
def list_tags_for_resource(self):
    """Of a detector."""
    return json.dumps({"tags": tags_of(self)})


@lacking(GuardDutyResponse)
def tag_resource(self):
    """Of a detector: adds and replaces."""
    tags_of(self).update(self._get_param("tags"))
    return "{}"


@lacking(GuardDutyResponse)
def untag_resource(self):
    """Of a detector."""
    for key in self.querystring["tagKeys"]:
        tags_of(self).pop(key, None)
    return "{}"


guardduty.url_paths["{0}/tags/(?P<resource_arn>.+)$"] = GuardDutyResponse.dispatch

update_stack = CloudFormationResponse.update_stack


def update_stack_with_topics(self):
    """moto's own forgets NotificationARNs, and refuses an update of nothing else."""
    topics = self._get_param("NotificationARNs")
    if topics is None:
        return update_stack(self)
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    missing = set(stack.stack_parameters) - {given["ParameterKey"] for given in self._get_param("Parameters", [])}
    assert not missing, f"without UsePreviousValue AWS sets {missing} to its default"
    stack.notification_arns = topics
    return ActionResult({"StackId": stack.stack_id})


CloudFormationResponse.update_stack = update_stack_with_topics

get_topic_attributes = SNSResponse.get_topic_attributes
set_topic_attributes = SNSResponse.set_topic_attributes


def get_topic_attributes_with_feedback(self):
    """moto's own leaves out what logs the delivery status."""
    answer = get_topic_attributes(self)
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    answer.result["Attributes"].update(topic.__dict__.get("feedback", {}))
    return answer


def set_topic_attributes_with_feedback(self):
    """An empty role is none; an empty rate is refused (SNS did so on 2026-08-10, by go-to-k/cdkd#1531)."""
    name, value = self._get_param("AttributeName"), self._get_param("AttributeValue")
    if "Feedback" not in name:
        return set_topic_attributes(self)
    if name.endswith("SampleRate") and not value:
        raise InvalidParameterValue("Invalid parameter: AttributeValue")
    feedback = self.backend.get_topic(self._get_param("TopicArn")).__dict__.setdefault("feedback", {})
    feedback[name] = value
    if not value:
        del feedback[name]
    return EmptyResult()


SNSResponse.get_topic_attributes = get_topic_attributes_with_feedback
SNSResponse.set_topic_attributes = set_topic_attributes_with_feedback

get_macie_session = MacieResponse.get_macie_session


def get_macie_session_or_off(self):
    """moto finds no session where Macie is off; Macie denies it, in these words."""
    try:
        return get_macie_session(self)
    except NoSession:
        raise AccessDeniedException("Macie is not enabled") from None


MacieResponse.get_macie_session = get_macie_session_or_off


@lacking(SimpleSystemManagerResponse)
def get_service_setting(self):
    """The settings' own defaults aren't written down: the one that documents change is Enable."""
    name = self._get_param("SettingId")
    settings = self.ssm_backend.__dict__.setdefault("service_settings", {})
    setting = {"SettingId": name, "SettingValue": settings.get(name, "Enable")}
    return ActionResult({"ServiceSetting": setting})


@lacking(SimpleSystemManagerResponse)
def update_service_setting(self):
    """Sets it for the account in the Region."""
    settings = self.ssm_backend.__dict__.setdefault("service_settings", {})
    settings[self._get_param("SettingId")] = self._get_param("SettingValue")
    return ActionResult({})


if __name__ == "__main__":
    main(sys.argv[1:])
