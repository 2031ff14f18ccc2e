"""The CloudFormation templates of what watches an environment, made from its functions and queues.

They are made and not written, because every function and every queue has the same alarms: a list by hand would miss
one. Alarms and dashboards have a stack each, because CloudFormation takes no more than `MOST_BYTES` in a request.
"""

import json
from collections.abc import Mapping
from typing import Any

from infra.deployment.watching.alarms import Alarm, Watched, alarms
from infra.deployment.watching.dashboards import dashboards

MOST_BYTES = 51_200
_SHARES = (50, 80, 100)


def unhealthy(environment: str) -> str:
    """The name of the alarm that goes off with any that a release must not bring about. It is on Amazon only."""
    return f"takip-{environment}-unhealthy"


def templates(watched: Watched) -> dict[str, str]:
    """The templates by the last part of the name of their stacks, as JSON without spaces."""
    made = {"alarms": _alarms(watched), "dashboards": _dashboards(watched)}
    return {
        name: json.dumps({"AWSTemplateFormatVersion": "2010-09-09", **each}, separators=(",", ":"))
        for name, each in made.items()
    }


def _alarms(watched: Watched) -> dict[str, Any]:
    environment = watched.environment
    made = {_logical(alarm.name): alarm for alarm in alarms(watched)}
    return {
        "Description": "Alarms of Takip, the topic that tells of them, and the budget.",
        "Parameters": {
            "Email": {"Type": "String", "Default": "", "Description": "Who is told of alarms; empty: nobody."},
            "Budget": {"Type": "Number", "Default": 0, "Description": "US dollars a month; 0: no budget."},
            "OnAmazon": {"Type": "String", "AllowedValues": ["true", "false"], "Default": "true"},
        },
        "Conditions": {
            "HasEmail": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Email"}, ""]}]},
            "IsAmazon": {"Fn::Equals": [{"Ref": "OnAmazon"}, "true"]},
            "HasBudget": {
                "Fn::And": [{"Condition": "IsAmazon"}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "Budget"}, "0"]}]}]
            },
        },
        "Resources": {
            **_topic(environment),
            **{name: _alarm(environment, alarm) for name, alarm in made.items()},
            "Unhealthy": _together(environment, {name: alarm for name, alarm in made.items() if alarm.unhealthy}),
            "MonthlyBudget": _budget(environment),
        },
    }


def _dashboards(watched: Watched) -> dict[str, Any]:
    return {
        "Description": "Dashboards of Takip.",
        "Resources": {
            f"{name.title()}Dashboard": {
                "Type": "AWS::CloudWatch::Dashboard",
                "Properties": {
                    "DashboardName": f"takip-{watched.environment}-{name}",
                    "DashboardBody": {"Fn::Sub": json.dumps(body, separators=(",", ":"))},
                },
            }
            for name, body in dashboards(watched).items()
        },
    }


def _topic(environment: str) -> dict[str, Any]:
    """The topic, which CloudWatch and Budgets may write to. AWS's own key would keep both out, so it has none."""
    return {
        "AlarmsTopic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": f"takip-{environment}-alarms"}},
        "AlarmsTopicPolicy": {
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {
                "Topics": [{"Ref": "AlarmsTopic"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]},
                            "Action": "sns:Publish",
                            "Resource": {"Ref": "AlarmsTopic"},
                            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                        }
                    ],
                },
            },
        },
        "AlarmsEmail": {
            "Type": "AWS::SNS::Subscription",
            "Condition": "HasEmail",
            "Properties": {"TopicArn": {"Ref": "AlarmsTopic"}, "Protocol": "email", "Endpoint": {"Ref": "Email"}},
        },
    }


def _alarm(environment: str, alarm: Alarm) -> dict[str, Any]:
    value = alarm.above if alarm.below is None else alarm.below
    told = [{"Ref": "AlarmsTopic"}]
    return {
        "Type": "AWS::CloudWatch::Alarm",
        # The emulator's CloudFormation knows no formulas.
        **({"Condition": "IsAmazon"} if alarm.formula else {}),
        "Properties": {
            "AlarmName": f"takip-{environment}-{alarm.name}",
            "AlarmDescription": f"{alarm.says} docs/runbook.md#{alarm.kind}",
            **_looks_at(alarm),
            "EvaluationPeriods": alarm.looks,
            "DatapointsToAlarm": alarm.points,
            "ComparisonOperator": "GreaterThanThreshold" if alarm.below is None else "LessThanThreshold",
            "Threshold": value,
            "TreatMissingData": "notBreaching" if alarm.below is None else "breaching",
            "AlarmActions": told,
            "OKActions": told,
        },
    }


def _looks_at(alarm: Alarm) -> Mapping[str, Any]:
    """The only metric of an alarm, or its formula with all that is in it."""
    if not alarm.formula:
        (metric,) = alarm.metrics.values()
        return {**metric.named(), "Statistic": metric.statistic, "Period": metric.seconds}
    parts = [
        {
            "Id": name,
            "ReturnData": False,
            "MetricStat": {"Metric": metric.named(), "Stat": metric.statistic, "Period": metric.seconds},
        }
        for name, metric in alarm.metrics.items()
    ]
    return {"Metrics": [{"Id": "value", "Expression": alarm.formula, "ReturnData": True}, *parts]}


def _together(environment: str, alarms_: Mapping[str, Alarm]) -> dict[str, Any]:
    """One alarm of several, which tells nobody: each of them does."""
    rule = " OR ".join(f'ALARM("takip-{environment}-{alarm.name}")' for alarm in alarms_.values())
    return {
        "Type": "AWS::CloudWatch::CompositeAlarm",
        "Condition": "IsAmazon",
        "DependsOn": [*alarms_],
        "Properties": {
            "AlarmName": unhealthy(environment),
            "AlarmDescription": "Takip is unhealthy. docs/runbook.md#unhealthy",
            "AlarmRule": rule,
        },
    }


def _budget(environment: str) -> dict[str, Any]:
    """The budget of a month, which tells at shares of it, and when the month is going to need more."""
    told = [("ACTUAL", share) for share in _SHARES] + [("FORECASTED", 100)]
    return {
        "Type": "AWS::Budgets::Budget",
        "Condition": "HasBudget",
        "DependsOn": ["AlarmsTopicPolicy"],
        "Properties": {
            "Budget": {
                "BudgetName": f"takip-{environment}",
                "BudgetType": "COST",
                "TimeUnit": "MONTHLY",
                "BudgetLimit": {"Amount": {"Ref": "Budget"}, "Unit": "USD"},
            },
            "NotificationsWithSubscribers": [
                {
                    "Notification": {
                        "NotificationType": kind,
                        "ComparisonOperator": "GREATER_THAN",
                        "Threshold": share,
                        "ThresholdType": "PERCENTAGE",
                    },
                    "Subscribers": [{"SubscriptionType": "SNS", "Address": {"Ref": "AlarmsTopic"}}],
                }
                for kind, share in told
            ],
        },
    }


def _logical(name: str) -> str:
    """The name of an alarm as CloudFormation takes it: letters and digits."""
    return "".join(word.title() for word in name.replace("_", "-").split("-"))
